// What an expected failure says: what happened, where, what to do about it, and the path there. A broken invariant is an
// assert, never an Error. Messages never blame and name the thing at hand.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passbench {

/// The documented error codes (`passbench help CODE`); `busy` is not a failure, it may be tried again.
enum class ErrorCode {
    usage,
    scenario,
    plan_changed,
    precondition,
    consent,
    busy,
    unsupported,
    timeout,
    agent_lost,
    bad_record,
    verify_failed,
    device_lost,
    out_of_memory,
    io,
    quarantined,
    interrupted,
};

struct Error {
    ErrorCode code = ErrorCode::io;
    std::string what;                     // what happened: "cannot read plan.json: no such file"
    std::string where = {};               // file:line:column, a path, a case or a step; may be empty
    std::string fix = {};                 // what to do now; a whole sentence
    std::vector<std::string> trail = {};  // the path there, outermost last: "reading run results/runs/X"
    std::string finding = {};             // the catalogued cause, e.g. dda.late_enable; mostly empty
};

/// The code's name as it appears in documents and on the command line, e.g. "plan_changed".
[[nodiscard]] std::string_view to_string(ErrorCode code);

/// One row of the table of codes.
struct ErrorCodeInfo {
    ErrorCode code;
    std::string_view name;
    int exit_code;  // design.md section 9: 2 usage or configuration, 4 infrastructure, 5 invalid, 130 interrupted
    std::string_view cause;  // one sentence for `help CODE`
    std::string_view cure;   // one sentence for `help CODE`
};

/// All codes in the order of the enum: the one source of `help CODE`, exit codes and docs.
[[nodiscard]] const std::vector<ErrorCodeInfo>& error_codes();

/// The process exit code that stands for this error.
[[nodiscard]] int exit_code(ErrorCode code);

/// The message as a person reads it: "where: error: what", the trail, then the fix on a line of its own.
[[nodiscard]] std::string to_text(const Error& error);

}  // namespace passbench

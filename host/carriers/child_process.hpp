// One command as a child process: own process group, no shell, bounded output, a deadline, and an end that also ends what it
// started. The child dies with this process (PDEATHSIG, on Windows a job object), also where this one is killed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/carriers/carrier.hpp"

namespace passbench {

/// What a child reads. `held_open`: nothing, and its end is the sign that nobody waits for the child any more, also where this
/// process was killed.
enum class ChildInput { none, file, held_open };

/// What becomes of the rest of its process group when a child has ended by itself. `kept` is for who leaves a helper behind on purpose,
/// and sees to its end otherwise.
enum class ChildRest { ended, kept };

struct ChildCommand {
    std::vector<std::string> argv;          // argv[0] is a path; PATH is not searched
    std::int64_t deadline_ns = 0;           // 0: none
    ExecWatch watch = {};                   // may be absent
    std::int64_t grace_ns = 2'000'000'000;  // between SIGTERM (Ctrl-Break) and SIGKILL to the group
    std::string called = {};                // in messages; "": its program's name
    ChildInput input = ChildInput::none;
    std::filesystem::path input_file = {};   // of ChildInput::file
    std::filesystem::path output_file = {};  // takes stdout whole in place of the 64 KiB; empty: none
    ChildRest rest = ChildRest::ended;
    std::int64_t most_output_bytes = 0;  // of output_file; past it the child is ended, error `io`
};

/// Runs the command to its end; stdout and stderr are kept together, the last 64 KiB. What is left of its
/// process group when it ends is killed, but for ChildRest::kept. Errors as Carrier::exec. Must not be called in a thread that ends before the child.
[[nodiscard]] Result<ExecResult> run_child(const ChildCommand& command);

}  // namespace passbench

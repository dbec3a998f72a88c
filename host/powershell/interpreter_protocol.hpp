// The lines that controller and interpreter exchange: one JSON document each, ours begin with a sentinel, all else that comes
// over the same stream is noise (a profile's greeting, a cmdlet's warning). Pure. Internal to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "host/powershell/host_functions.hpp"

namespace passbench {

/// Longer lines are not read on; a survey of a host with many devices is some hundred KiB.
inline constexpr std::size_t most_interpreter_line_bytes = std::size_t{8} << 20;

/// What the interpreter says of itself before all else.
struct InterpreterGreeting {
    std::string interpreter;  // "powershell", "passbench-sim-host"
    std::string version;      // "5.1.17763.1"
    std::string edition;      // "Desktop", "Core"; may be empty
    bool simulated = false;

    bool operator==(const InterpreterGreeting&) const = default;
};

struct InterpreterReply {
    std::int64_t id = 0;
    std::string value;  // JSON; where there is no error
    std::optional<FunctionError> error;
};

/// The request as one line with its newline, in ASCII alone, so that no code page matters; `arguments` is a JSON object. Error `usage`
/// where it is none, or no UTF-8.
[[nodiscard]] Result<std::string> request_line(std::int64_t id, std::string_view function, std::string_view arguments);

/// The document of a line of ours, which may begin with a byte order mark and end with a carriage return; nothing for noise.
[[nodiscard]] std::optional<std::string_view> own_document(std::string_view line);

/// Error `io` (host.interpreter_garbled) where it is none, `unsupported` (host.interpreter_version) where its protocol is another.
[[nodiscard]] Result<InterpreterGreeting> greeting_from_json(std::string_view document);
/// Error `io` (host.interpreter_garbled).
[[nodiscard]] Result<InterpreterReply> reply_from_json(std::string_view document);

/// What PowerShell wrote to stderr as a person reads it: of CLIXML the texts of its errors, other text as it is.
[[nodiscard]] std::string error_texts(std::string_view written);

}  // namespace passbench

// Numbers on the agent's own command lines.
#pragma once

#include <charconv>
#include <string>

#include "harness/core/result.hpp"

namespace passbench {

/// Whole and not negative. Error `usage` naming `what` it should have been.
template <typename Number>
[[nodiscard]] Result<Number> parse_number(const std::string& text, const std::string& what) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < Number{}) {
        return fail({.code = ErrorCode::usage,
                     .what = what + " is not a number: " + text,
                     .where = {},
                     .fix = "See passbench-agent --help."});
    }
    return number;
}

}  // namespace passbench

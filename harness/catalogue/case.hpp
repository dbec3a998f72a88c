// What a case is: a workload, a form and a set of parameters, and its one canonical name
// `copy/cpu?bytes=4096&stores=plain&threads=all` (parameters sorted, integers decimal, other characters percent-encoded).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/core/result.hpp"

namespace passbench {

enum class Form { cpu, cuda };
[[nodiscard]] std::string_view to_string(Form form);
[[nodiscard]] Result<Form> parse_form(std::string_view text);

/// A parameter's value: an integer, or a word such as "all" or "h2d".
using Value = std::variant<std::int64_t, std::string>;
using Parameters = std::map<std::string, Value, std::less<>>;
[[nodiscard]] std::string to_string(const Value& value);

/// Letters, digits, '-', '_' and '.' as they are, every other byte as %XX (upper-case hexadecimal digits).
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// What was encoded so; nothing where a % is not followed by two such digits.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// The canonical name of a case.
[[nodiscard]] std::string case_name(std::string_view workload, Form form, const Parameters& parameters);

/// What one operation amounts to; a rate is work / time. Zero where a workload has none of the kind.
struct Work {
    std::int64_t bytes = 0;  // counted as STREAM does: each array read or written once
    std::int64_t flops = 0;
    std::int64_t items = 0;
    bool operator==(const Work&) const = default;
};

}  // namespace passbench

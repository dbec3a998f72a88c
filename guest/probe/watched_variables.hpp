// Variables of the environment that change what is measured, as data.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/environment.hpp"

namespace passbench {

struct WatchedVariable {
    std::string_view name;  // ends in * where it is a prefix
    PreflightSeverity severity;
    std::string_view effect;
};

[[nodiscard]] const std::vector<WatchedVariable>& watched_variables();

/// nullptr where it is not watched.
[[nodiscard]] const WatchedVariable* find_watched_variable(std::string_view name);

/// Those that are watched and not empty, of an environment as /proc/PID/environ has it: NAME=value, each with a null byte behind.
[[nodiscard]] std::map<std::string, std::string> variables_in(std::string_view environment);

}  // namespace passbench

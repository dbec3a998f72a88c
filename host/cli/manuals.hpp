// The words of the verbs' manuals. What an option means stands where it is declared, in arguments.cpp.
#pragma once

#include <string_view>
#include <vector>

namespace passbench {

struct Manual {
    std::string_view verb;
    std::string_view summary;      // one line of the overview
    std::string_view description;  // what it does, before the options
    std::string_view footer;       // examples and exit codes, after them
};

/// In the order of the overview.
[[nodiscard]] const std::vector<Manual>& manuals();

/// What stands above and below the list of verbs.
[[nodiscard]] std::string_view overview_head();
[[nodiscard]] std::string_view overview_foot();

}  // namespace passbench

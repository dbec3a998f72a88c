// The catalogued causes of trouble: Error::finding names one, `passbench help FINDING` shows its cause and cure, and the cure is
// what the error says to do. A name is a room and a word: gpu.no_driver.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/error.hpp"

namespace passbench {

struct Finding {
    std::string_view name;
    std::string_view cause;  // one sentence
    std::string_view cure;   // what to do, a whole sentence
    bool no_device = false;  // there is none to use, or no driver that comes to one
    bool ends_run =
        false;  // nothing more is measured after it, for the sake of the card or because no value could count
};

/// All of them, by name.
[[nodiscard]] const std::vector<Finding>& findings();
/// nullptr where there is none of this name.
[[nodiscard]] const Finding* find_finding(std::string_view name);
/// An error whose cause is this finding, which also says what to do. There has to be one of this name.
[[nodiscard]] Error catalogued_error(ErrorCode code, std::string what, std::string_view finding);

}  // namespace passbench

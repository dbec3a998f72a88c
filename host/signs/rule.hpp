// By which signs the failures of the catalogue are recognised, as data: a rule is one sign of one failure. Its words, codes and states
// are those of the facts; a rule without words and code is about states alone. For `detect`, its tests, and the page that lists them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/signs/state.hpp"
#include "host/signs/symptoms.hpp"

namespace passbench {

/// In whose words a rule looks for its sign.
enum class Hears {
    nothing,  // about states alone
    host,     // Speaker cmdlet, host_text
    guest,    // Speaker command, guest_text
    cuda,     // Speaker cuda
    kernel,   // Symptoms::kernel_log, line by line
};

/// What becomes of what the rule recognises.
enum class Worth {
    sign,      // it is a sign of the finding
    fallback,  // so is it, of what no other rule explains
    harmless,  // it is no failure: explained, and not detected
};

struct Rule {
    std::string_view row;      // the number of the failure in the facts: D1
    std::string_view finding;  // its name in harness/core/findings
    Hears hears = Hears::nothing;
    std::vector<std::string_view> words = {};  // all of them, in any order, whatever their case
    std::string_view code = {};                // Said::code, or within the words where it begins with 0x
    Doing doing = Doing::something;            // nothing else, unless `something`
    Before before = Before::nothing_known;     // nothing else, unless `nothing_known`
    std::vector<StateCondition> state = {};    // all of them
    StateComparison comparison = {};
    Worth worth = Worth::sign;
    std::vector<std::string_view> yields_to = {};  // findings whose signs explain this one's too
};

/// All rules, in the order of the catalogue.
[[nodiscard]] const std::vector<Rule>& rules();
/// The sign of a rule for people: "the host says 'A ...' while a VM starts, where host os.product_type is 1".
[[nodiscard]] std::string sign_text(const Rule& rule);

/// The rooms of the table; rule.cpp puts them together.
[[nodiscard]] std::vector<Rule> eflow_rules();
[[nodiscard]] std::vector<Rule> dda_rules();
[[nodiscard]] std::vector<Rule> gpupv_rules();

}  // namespace passbench

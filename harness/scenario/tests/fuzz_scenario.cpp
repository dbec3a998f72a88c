// Any bytes: a scenario within its limits, or mistakes that each say what, where and what to do.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/scenario/scenario.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_within_limits(const passbench::Scenario& scenario) {
    if (scenario.arms.empty() || scenario.cases.empty() || scenario.design.looks.empty()) return false;
    for (const passbench::ScenarioCase& table : scenario.cases) {
        if (table.forms.empty()) return false;
        for (const auto& [name, values] : table.axes) {
            if (values.empty()) return false;
        }
    }
    return scenario.design.trials >= 1 && scenario.design.warmup_ns <= scenario.design.warmup_cap_ns;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto scenario = passbench::parse_scenario(text, "fuzz.toml");
    if (scenario) {
        require(is_within_limits(*scenario));
        return 0;
    }
    require(!scenario.error().empty() && scenario.error().size() <= passbench::max_reported_mistakes + 1);
    for (const passbench::Error& error : scenario.error()) {
        require(!error.what.empty() && error.where.starts_with("fuzz.toml") && !error.fix.empty());
    }
    return 0;
}

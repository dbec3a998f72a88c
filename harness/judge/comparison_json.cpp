// The document of `compare --json`. Estimates and gates look as they do in stats.json and verdict.json, because they are
// taken from there: those codecs stay the only ones that know their form.
#include <nlohmann/json.hpp>

#include "harness/judge/compare.hpp"

namespace passbench {

std::string to_json(const Comparison& comparison) {
    using nlohmann::json;
    Stats stats;
    stats.estimates = comparison.estimates;
    Verdict verdict;
    verdict.gates = comparison.gates;
    json context = json::array();
    for (const FactDifference& one : comparison.context) {
        context.push_back({{"key", one.key}, {"left", one.left}, {"right", one.right}});
    }
    const json document = {{"format", "passbench.comparison"},
                           {"version", 1},
                           {"left", comparison.left},
                           {"right", comparison.right},
                           {"context", context},
                           {"estimates", json::parse(to_json(stats)).at("estimates")},
                           {"gates", json::parse(to_json(verdict)).at("gates")},
                           {"only_left", comparison.only_left},
                           {"only_right", comparison.only_right}};
    return document.dump(1) + "\n";
}

}  // namespace passbench

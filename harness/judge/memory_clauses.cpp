#include "harness/judge/memory_clauses.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {
namespace {

bool is_waived(const Judged& judged, const MemoryTest& test) {
    const auto& waived = judged.policy.waived_cases;
    return std::find(waived.begin(), waived.end(), test.case_name) != waived.end();
}

std::string with_full_stop(const std::string& text) { return text.ends_with('.') ? text : text + "."; }

/// The test of a card in this arm that covered least; nullptr where there is none.
const MemoryTest* least_covering(const Judged& judged, const std::string& arm) {
    const MemoryTest* least = nullptr;
    for (const MemoryTest& test : judged.stats.memory) {
        if (test.arm != arm || !test.coverage || is_waived(judged, test)) continue;
        if (least == nullptr || *test.coverage < *least->coverage) least = &test;
    }
    return least;
}

}  // namespace

std::optional<Reason> memory_error(const Judged& judged) {
    for (const MemoryTest& test : judged.stats.memory) {
        if (test.errors == 0 || is_waived(judged, test)) continue;
        const std::string words = counted(static_cast<std::size_t>(test.errors), "word");
        return Reason{
            "memory_error",
            with_full_stop(fmt::format("{} of memory did not hold what was written: {} on {}; the first: {}", words,
                                       test.case_name, test.arm, test.first_error)),
            "Run it again, natively too where that is possible: an error at the same place is one of the memory; "
            "then take the card, or the module, out of use."};
    }
    return std::nullopt;
}

std::optional<Reason> coverage_short(const Judged& judged) {
    if (!judged.policy.coverage) return std::nullopt;
    for (const std::string& arm : judged.plan.arms) {
        const MemoryTest* least = least_covering(judged, arm);
        if (least != nullptr && *least->coverage >= *judged.policy.coverage) continue;
        const std::string asked = format_percent(*judged.policy.coverage);
        std::string text =
            least == nullptr
                ? fmt::format(
                      "The policy asks for {} of the card's memory tested, and no memory test of {} has a value.",
                      asked, arm)
                : fmt::format(
                      "The policy asks for {} of the card's memory tested and proved to be there, and {} on {} covers "
                      "{}{}",
                      asked, least->case_name, arm, format_percent(*least->coverage),
                      least->why.empty() ? "" : ": " + least->why);
        return Reason{
            "coverage_short", with_full_stop(text),
            "Add `memtest` with bytes = \"share\" to the scenario and close what else uses the card; under GPU-PV "
            "the host keeps a part of its memory."};
    }
    return std::nullopt;
}

}  // namespace passbench

#include "host/engine/set_and_observe.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {
namespace {

constexpr std::int64_t first_pause_ns = 10'000'000;
constexpr std::int64_t longest_pause_ns = 1'000'000'000;

/// Pauses that grow, until a deadline.
class Patience {
public:
    Patience(EngineClock clock, std::int64_t limit_ns)
        : clock_(std::move(clock)), end_ns_(clock_.now_ns() + limit_ns) {}

    /// Pauses once more; false where the time is over.
    [[nodiscard]] bool pause() {
        const std::int64_t left_ns = end_ns_ - clock_.now_ns();
        if (left_ns <= 0) return false;
        clock_.sleep(std::min(pause_ns_, left_ns));
        pause_ns_ = std::min(pause_ns_ * 2, longest_pause_ns);
        return true;
    }

private:
    EngineClock clock_;
    std::int64_t end_ns_;
    std::int64_t pause_ns_ = first_pause_ns;
};

std::string seconds(std::int64_t duration_ns) { return format_duration(static_cast<double>(duration_ns)); }

/// One property that differs, by name.
std::string first_difference(const HostFacts& before, const HostFacts& now) {
    for (const auto& [resource, facts] : now) {
        const auto earlier = before.find(resource);
        if (earlier == before.end()) return resource + " (which is new)";
        if (const auto different = differences(earlier->second, facts); !different.empty()) {
            return resource + " " + different.front().key + " ('" + different.front().left + "', then '" +
                   different.front().right + "')";
        }
    }
    return "a resource that went away";
}

}  // namespace

std::string observed_value(const HostFacts& facts, const std::string& resource, const std::string& property) {
    const auto found = facts.find(resource);
    if (found == facts.end()) return "";
    const auto fact = found->second.find(property);
    return fact == found->second.end() ? std::string() : to_string(fact->second);
}

Result<HostFacts> survey_patiently(Resources& resources, const EngineTimes& times) {
    Patience patience(resources.clock(), times.observe_deadline_ns);
    while (true) {
        auto facts = resources.survey();
        if (facts || !patience.pause()) return facts;
    }
}

Result<HostFacts> survey_at_rest(Resources& resources, const EngineTimes& times) {
    const EngineClock clock = resources.clock();
    const std::int64_t end_ns = clock.now_ns() + times.settle_deadline_ns;
    PASSBENCH_TRY(HostFacts earlier, survey_patiently(resources, times));
    while (true) {
        clock.sleep(times.settle_gap_ns);
        PASSBENCH_TRY(const std::vector<std::string> jobs, resources.jobs());
        PASSBENCH_TRY(HostFacts facts, survey_patiently(resources, times));
        if (jobs.empty() && facts == earlier) return facts;
        if (clock.now_ns() >= end_ns) {
            const std::string what = jobs.empty() ? "there still changes " + first_difference(earlier, facts)
                                                  : "it still works on " + jobs.front();
            return fail(
                {.code = ErrorCode::timeout,
                 .what = "the host does not come to rest: after " + seconds(times.settle_deadline_ns) + " " + what,
                 .where = "survey",
                 .fix = "Find out what changes it, end that, then run: passbench release"});
        }
        earlier = std::move(facts);
    }
}

Result<HostFacts> set_and_observe(Resources& resources, const EngineTimes& times, const Step& step,
                                  const std::string& value) {
    const std::string name = step.resource + " " + step.property;
    if (auto set = resources.set(step.resource, step.property, value); !set) {
        return fail_in(std::move(set).error(), "setting " + name + " to '" + value + "'");
    }
    Patience patience(resources.clock(), times.observe_deadline_ns);
    while (true) {
        auto facts = resources.survey();
        const std::string observed = facts ? observed_value(*facts, step.resource, step.property) : "";
        if (facts && observed == value) return facts;
        if (patience.pause()) continue;
        if (!facts) return fail_in(std::move(facts).error(), "observing " + name);
        return fail({.code = ErrorCode::timeout,
                     .what = fmt::format("it was set to '{}', and after {} it is still '{}'", value,
                                         seconds(times.observe_deadline_ns), observed),
                     .where = name,
                     .fix = "Try to set it by hand; what refuses there will say why."});
    }
}

}  // namespace passbench

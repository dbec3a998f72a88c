// Steps as they are collected, each from what the survey and the steps before it say. Internal to this room.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/environment.hpp"
#include "host/engine/step.hpp"

namespace passbench {

class StepList {
public:
    /// `facts` outlives it.
    explicit StepList(const HostFacts& facts) : facts_(facts) {}

    /// A step unless it is so already.
    void add(const std::string& resource, std::string_view property, const std::string& wanted, std::string why);
    /// The same for a setting that may be larger already.
    void at_least(const std::string& resource, std::string_view property, std::int64_t wanted, std::string why);
    /// The value that the last step leaves; "" where nothing is known of it.
    [[nodiscard]] std::string now(const std::string& resource, std::string_view property) const;
    [[nodiscard]] bool empty() const { return steps_.empty(); }
    [[nodiscard]] std::vector<Step> take() { return std::move(steps_); }
    [[nodiscard]] const HostFacts& facts() const { return facts_; }

private:
    const HostFacts& facts_;
    std::vector<Step> steps_;
};

/// How a guest is stopped and started for what cannot be changed while it runs.
struct PowerOf {
    std::string guest;  // its resource
    std::string_view property = "state";
    std::string_view off = "off";
    std::string_view running = "running";
    std::string why_off;
};

/// The steps between a guest's stop, where it runs, and its start. One that runs is stopped for steps that need it off, and for those alone.
[[nodiscard]] std::vector<Step> around_power(StepList steps, const PowerOf& power);

/// "lab-guest, other": the resources of this kind by their names; "none".
[[nodiscard]] std::string names_below(const HostFacts& facts, std::string_view prefix);

}  // namespace passbench

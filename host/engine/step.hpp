// A step is data: which property of which resource has which value before and which one is wanted. The journal engine alone
// carries steps out and restores them; a provider only surveys, computes steps, and sets one property.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/engine_clock.hpp"

namespace passbench {

enum class Undo { restore, keep };  // keep needs consent, and is left out of "survey equals snapshot"
[[nodiscard]] std::string_view to_string(Undo undo);

struct Step {
    std::string resource;  // "cpu", "vm/lab-guest", a device's location path
    std::string property;  // "governor"
    std::string before;    // as surveyed
    std::string wanted;
    Undo undo = Undo::restore;
    std::string why = {};  // one sentence for plan and dry run

    bool operator==(const Step&) const = default;
};

/// What a step took, from the call to the survey that showed its value, in the time of its host (Resources::clock).
struct StepTime {
    Step step;
    std::int64_t spent_ns = 0;
};

/// steps.json.
[[nodiscard]] std::string to_json(const std::vector<Step>& steps);
[[nodiscard]] Result<std::vector<Step>> steps_from_json(std::string_view text);

/// What the engine works on: surveys and sets, never journals, retries or rolls back. set() both carries out and restores.
class Resources {
public:
    virtual ~Resources() = default;
    /// Reads everything that steps may touch: resource -> property -> value, as UTF-8. What changes by itself (free memory, a
    /// clock's present rate) is no part of it: two surveys of a host at rest are equal.
    [[nodiscard]] virtual Result<HostFacts> survey() = 0;
    /// The host's own jobs that still work on what a set() began, by name: they outlive the call and the process. None where the
    /// host has no such thing.
    [[nodiscard]] virtual Result<std::vector<std::string>> jobs() { return std::vector<std::string>(); }
    /// The time that this host lives in: a simulated one has its own.
    [[nodiscard]] virtual EngineClock clock() const { return system_clock(); }
    /// Sets one property; may return before the value shows. The engine believes what a survey then says, never this result
    /// alone.
    [[nodiscard]] virtual Result<void> set(const std::string& resource, const std::string& property,
                                           const std::string& value) = 0;
};

}  // namespace passbench

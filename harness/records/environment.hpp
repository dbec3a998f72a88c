// environment.json: the fingerprint of what was measured on, by arm (R14.1 to R14.3).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/facts.hpp"

namespace passbench {

/// How much a check before a run matters: `block` ends the run before anything is measured, `skipped` could not be looked at.
enum class PreflightSeverity { ok, note, warn, block, skipped };

/// What was looked at before a run.
struct PreflightCheck {
    std::string check;  // gpu.memory_errors
    PreflightSeverity severity = PreflightSeverity::ok;
    std::string what;  // what was seen
    std::string fix;   // what to do, a whole sentence; empty where nothing is to be done
};

[[nodiscard]] std::string_view to_string(PreflightSeverity severity);
/// The check matters to cases on the card alone.
[[nodiscard]] bool is_about_card(const PreflightCheck& check);

/// One guest as the agent's probe saw it.
struct Environment {
    Facts identity;      // must match to compare: cpu.model, cpus, memory_bytes, agent.source, gpu.uuid ...
    Facts context;       // recorded, compared, warned about: kernel, clocksource, hypervisor, compiler, flags ...
    Facts capabilities;  // what this guest can do: instruction sets, caches, timer, gpu or why none
    Facts disturbances;  // what may disturb measuring: governor, load, steal, other users - with "X.advice" beside "X"
    std::vector<PreflightCheck> preflight = {};  // in the order in which it is shown
    bool simulated = false;
};

/// The key of what to do about the disturbance `fact`: "load.advice".
[[nodiscard]] std::string advice_key(std::string_view fact);
/// The fact that an advice is about: "load"; nothing where the key is of no advice.
[[nodiscard]] std::optional<std::string> advised_fact(std::string_view key);

[[nodiscard]] std::string to_json(const Environment& environment);
[[nodiscard]] Result<Environment> environment_from_json(std::string_view text);

/// The document of a run: by arm, with what the symbolic arms became.
[[nodiscard]] std::string to_json(const std::map<std::string, Environment>& by_arm);
[[nodiscard]] Result<std::map<std::string, Environment>> environments_from_json(std::string_view text);

/// host.json: what a survey saw, by resource.
using HostFacts = std::map<std::string, Facts>;
[[nodiscard]] std::string to_json(const HostFacts& host);
[[nodiscard]] Result<HostFacts> host_from_json(std::string_view text);

}  // namespace passbench

// Everything that the simulated host is, kept in one file so that it outlives the programs that change it, as a host does: its
// facts, what is still on its way, its time, and what it was told to do wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

/// A value that shows later: Enable-PnpDevice and a guest's shutdown are done long after their call has returned.
struct PendingChange {
    std::int64_t at_ns = 0;
    std::string resource;
    std::string property;
    std::string value;
    std::string job;  // as Get-PassBenchJobs lists it; empty: nothing tells

    bool operator==(const PendingChange&) const = default;
};

/// What the host does wrong at one call.
enum class Misbehaviour {
    refuse,        // an error, and nothing is changed
    refuse_after,  // done, and an error all the same
    do_nothing,    // says that it is done, and nothing is changed
    late,          // done after `delay_ns`
    hang,          // never answers (the program; in the same process: a timeout)
    die,           // ends before it has done anything
    die_after,     // ends when it has done it, without an answer
    garbage,       // done, and what it answers is no JSON
};
[[nodiscard]] std::string_view to_string(Misbehaviour what);

struct PlantedFault {
    std::string function;
    int nth = 1;  // at its n-th call from now on; then it is used up
    Misbehaviour what = Misbehaviour::refuse;
    std::string message = {};  // of a refusal, as the facts give it
    std::string id = {};
    std::string hresult = {};
    std::int64_t delay_ns = 0;

    bool operator==(const PlantedFault&) const = default;
};

struct SimulatedState {
    HostFacts facts;
    std::int64_t now_ns = 0;
    std::vector<PendingChange> pending;
    std::map<std::string, Facts> started;  // by VM that runs, "eflow" and "wsl": its settings when it was started
    std::vector<PlantedFault> faults;
};

[[nodiscard]] std::string to_json(const SimulatedState& state);
[[nodiscard]] Result<SimulatedState> simulated_state_from_json(std::string_view text);

/// A state of a host at rest from a document as `doctor --save` writes it.
[[nodiscard]] Result<SimulatedState> state_of_fixture(const std::filesystem::path& host_json);

/// To be called when a guest's power has become what it is: what it was started with is kept as long as it runs.
void note_power(SimulatedState& state, const std::string& guest);

/// What a survey sees of a device depends on where it is: dismounted it has another instance id, disabled nobody can look at its
/// ranges and interrupts (facts 2.2, 2.7).
[[nodiscard]] HostFacts visible(const SimulatedState& state);

}  // namespace passbench

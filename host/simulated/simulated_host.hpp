// A Windows host that is not there: answers the fixed functions from a state file, refuses what Hyper-V refuses (rules.hpp), is late
// and misbehaves as it is told. It has a time of its own, which goes on when somebody waits by its clock. What it says is `simulated`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/powershell/host_functions.hpp"
#include "host/simulated/simulated_state.hpp"

namespace passbench {

/// How a call ended for who asked.
struct SimulatedReply {
    enum class Kind { value, refused, garbage, hangs, dies };
    Kind kind = Kind::value;
    std::string value = "null";  // JSON
    FunctionError error = {};
};

class SimulatedHost final : public HostFunctions {
public:
    /// Makes the state file of a host at rest.
    [[nodiscard]] static Result<SimulatedHost> create(const std::filesystem::path& state_file, SimulatedState state);
    /// Goes on with a state that is there.
    [[nodiscard]] static Result<SimulatedHost> open(const std::filesystem::path& state_file);

    /// Every function of PassBench.psm1 and, for tests, Step-PassBenchTime {ns}. Answers as the program does, misbehaviour included.
    [[nodiscard]] SimulatedReply answer(const std::string& function, const std::string& arguments);
    /// The same as HostFunctions: `hangs` is a timeout, `dies` and `garbage` are agent_lost and bad_record.
    [[nodiscard]] Result<std::string> call(const std::string& function, const std::string& arguments) override;
    [[nodiscard]] bool is_simulated() const override { return true; }

    void plant(const PlantedFault& fault);
    /// It does what it is told again.
    void forget_faults();
    /// This host's time: sleeping lets what is on its way arrive.
    [[nodiscard]] EngineClock clock();
    [[nodiscard]] const SimulatedState& state() const { return state_; }
    /// Called before and after each change of the state file.
    std::function<void()> at_moment;

private:
    SimulatedHost(std::filesystem::path state_file, SimulatedState state);
    void advance(std::int64_t duration_ns);
    void save();
    [[nodiscard]] SimulatedReply misbehave(const PlantedFault& fault, const std::string& function,
                                           const std::string& arguments);

    std::filesystem::path state_file_;
    SimulatedState state_;
};

}  // namespace passbench

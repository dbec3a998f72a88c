// `passbench-agent trial`: the child's side of a trial. Everything that it has to say goes to standard output as lines, first the
// event of how the trial went, then what was seen of the card (telemetry); samples go to the output folder.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "guest/agent/agent.hpp"
#include "harness/core/clock.hpp"

namespace passbench {

struct TrialCommand {
    std::filesystem::path request;
    std::size_t index = 0;
    std::filesystem::path out;
    std::optional<int> parent;          // dies with it
    std::optional<TimerQuality> timer;  // as the parent measured it; measured here where absent (3 ms)
};
/// From the arguments after `trial`. Error `usage`.
[[nodiscard]] Result<TrialCommand> parse_trial_command(const std::vector<std::string>& arguments);

[[nodiscard]] AgentExit run_trial_command(const TrialCommand& command, std::span<const WorkloadForm> forms);

}  // namespace passbench

// request.json: what the agent is asked to do, the only input it parses: the trials of one block and arm in their realised
// order. The answer comes back as a folder in the formats of samples.hpp and events.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/case.hpp"
#include "harness/core/result.hpp"
#include "harness/records/plan.hpp"

namespace passbench {

struct TrialRequest {
    PlannedCase what;
    int trial = 0;
    std::uint64_t seed = 0;  // of the inputs: the same for every arm and block of a case
};

/// A device that only looks like one, for what a machine without GPU can still show.
struct SimulatedDevice {
    std::string driver;      // the stand-in driver's file on the guest
    std::uint64_t seed = 0;  // of its noise
    double inject_host = 0;  // planted slowdowns, fractions
    double inject_device = 0;
};

struct JobRequest {
    std::string arm;
    int block = 0;
    int attempt = 0;
    int iterations = 30;
    StopRule stop = StopRule::fixed;
    std::int64_t warmup_ns = 0;
    std::int64_t warmup_cap_ns = 0;
    std::int64_t trial_timeout_ns = 0;
    int cpus = 0;                        // how many CPUs a trial may use; 0: all that the guest has
    std::int64_t host_memory_bytes = 0;  // of the host behind the guest, for who shares a card with it; 0: not known
    std::optional<SimulatedDevice> simulate = {};  // absent: cuda cases use the machine's own driver
    std::vector<TrialRequest> trials = {};
};

[[nodiscard]] std::string to_json(const JobRequest& request);
/// Error `bad_record` with the path inside the document; at most 100,000 trials.
[[nodiscard]] Result<JobRequest> request_from_json(std::string_view text);

}  // namespace passbench

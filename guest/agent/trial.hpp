// One trial, inside its own process: prepare, cold start, verify, warm up, measure, limit, in the order of R3.1 to R4.2. Says how it
// ended as an event and hands back all samples; writing them is the caller's.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "guest/agent/sampler.hpp"
#include "guest/telemetry/gpu_watch.hpp"
#include "harness/core/clock.hpp"
#include "harness/records/events.hpp"
#include "harness/records/request.hpp"
#include "harness/records/samples.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// Samples of one phase and batch size, ready to be written.
struct TrialChunk {
    Phase phase;
    std::int64_t first;  // number of the first iteration within trial and phase
    std::int64_t ops;
    std::vector<std::int64_t> wall_ns;
    std::vector<Column> device;  // as long as wall_ns each
};

struct TrialOutcome {
    Event event;                     // trial_ended, trial_skipped or trial_failed, with its facts
    std::vector<TrialChunk> chunks;  // empty unless it ended
    std::vector<Event> telemetry;    // what was seen of the card, also where it did not end
    bool simulated = false;          // the device only looked like one
};

/// Pins this process to the CPUs of the request. Never throws: a trial that cannot be done is an outcome. `watch`: over the card of a
/// cuda case, never read while something is timed (R13.4); null where there is none.
[[nodiscard]] TrialOutcome run_trial(const JobRequest& job, const TrialRequest& trial, const TimerQuality& timer,
                                     std::span<const WorkloadForm> forms, GpuWatch* watch);

/// The watch that belongs to the trial: nothing for a cpu case; the stand-in's NVML for a simulated device, never this machine's.
[[nodiscard]] std::optional<GpuWatch> watch_of(const JobRequest& job, const TrialRequest& trial);

/// The event of this trial with nothing but its names and the time.
[[nodiscard]] Event trial_event(std::string_view kind, const JobRequest& job, const TrialRequest& trial);
/// trial_failed with its code and reason.
[[nodiscard]] Event failed_event(const JobRequest& job, const TrialRequest& trial, const Error& error);

/// The driver of a cuda case. Each trial has noise of its own, and the same again when it is repeated. A simulated device came by the
/// way that its arm is named after.
[[nodiscard]] DriverChoice driver_of(const JobRequest& job, const TrialRequest& trial);

/// The CPUs of a trial: the first `wanted` that this process may use, all for 0. Error `precondition` where there are fewer.
[[nodiscard]] Result<std::vector<int>> trial_cpus(int wanted);

}  // namespace passbench

// One job of the agent: the trials of one block and arm, brought to a guest, carried out, fetched, and every trial that was
// asked for accounted for.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/request.hpp"
#include "harness/records/run_directory.hpp"
#include "host/carriers/carrier.hpp"
#include "host/session/session.hpp"

namespace passbench {

/// Where and how a job is carried out.
struct JobPlace {
    Carrier& carrier;
    std::string agent;              // its path in the guest
    std::filesystem::path scratch;  // a folder here, emptied for each job
    StopAsked stop;                 // may be absent
    std::function<void(std::size_t trials)>
        seen_done;            // may be absent; called with how many trials are seen to be over
    std::string device = {};  // that the run has seen at work in this guest; empty: none yet
};

struct FinishedJob {
    JobOutput output;  // with an event for every trial: ended, skipped or failed
    std::optional<Error> trouble =
        {};  // set where no trial of the job could be measured for want of working infrastructure
    std::optional<Error> end_of_run = {};  // set where a trial failed for a cause after which nothing more is measured
};

/// Errors: `interrupted`; `agent_lost` where the agent cannot be started; `bad_record` where what came back cannot be read;
/// `io`. A trial that the agent left without a record is marked failed in the output, and so is one that it skipped because a device
/// that was there before is gone.
[[nodiscard]] Result<FinishedJob> run_job(const JobRequest& request, const JobPlace& place);

/// What the agent says of the guest it runs in. Errors as run_job's.
[[nodiscard]] Result<Environment> probe_guest(const JobPlace& place);

}  // namespace passbench

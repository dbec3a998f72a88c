// Runs the blocks of a look: each arm in its turn gets its host prepared by a lease, its job carried out in the guest, its
// records appended, and its host given back. What goes wrong leaves the block open, to be done again whole. The only part of a
// session that has effects on a host; what comes of the values is decided elsewhere.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/events.hpp"
#include "harness/records/host_times.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/run_directory.hpp"
#include "host/engine/lease.hpp"
#include "host/session/bind_arms.hpp"
#include "host/session/job.hpp"
#include "host/session/progress_meter.hpp"
#include "host/session/session.hpp"

namespace passbench {

class BlockRunner {
public:
    /// `earlier`, `environments`: the events of the run and what its arms were measured on so far. Nothing is touched yet.
    BlockRunner(RunDirectory& directory, const Plan& plan, std::vector<Arm> arms, const Measuring& measuring,
                const std::vector<Event>& earlier, std::map<std::string, Environment> environments);

    /// Measures the blocks of a look (from 1) that are not whole yet, of the wanted cases alone. An error leaves the block open:
    /// it is done again as the next attempt.
    [[nodiscard]] Result<void> measure_look(int look, const std::vector<bool>& wanted);

    /// Removes what jobs left for a moment in the run directory.
    void remove_scratch() const;
    /// Every lease was given back with the host as it was before.
    [[nodiscard]] bool is_host_restored() const { return host_restored_; }
    [[nodiscard]] bool is_simulated() const;
    /// Why nothing more is to be measured, for the card's sake or because no value could count (Finding::ends_run); nothing where
    /// no trial has said so.
    [[nodiscard]] const std::optional<Error>& end_of_run() const { return end_of_run_; }
    [[nodiscard]] const RunProgress& progress() const { return meter_.now(); }

private:
    [[nodiscard]] Result<void> measure_block(int block, const std::vector<bool>& wanted);
    [[nodiscard]] Result<void> measure_arm(int block, int attempt, Arm& arm, const std::vector<Slot>& slots);
    [[nodiscard]] Result<void> measure_leased(const JobRequest& request, const JobPlace& place, const Arm& arm);
    [[nodiscard]] const PreflightCheck* blocking_check(const Environment& seen) const;
    [[nodiscard]] Result<void> check_guest(const Arm& arm, const JobPlace& place);
    [[nodiscard]] Result<void> give_back(Lease& lease, const std::filesystem::path& state, const Arm& arm, int block,
                                         int attempt);
    [[nodiscard]] Result<void> record_journal(const std::filesystem::path& state);
    [[nodiscard]] Result<void> append_host_times(std::string_view kind, const Arm& arm, int block, int attempt,
                                                 const std::vector<HostSet>& sets);
    [[nodiscard]] Result<SimulatedDevice> simulated_device(const Arm& arm, const std::string& agent) const;
    [[nodiscard]] JobRequest request_of(const Arm& arm, int block, int attempt, const std::vector<Slot>& slots) const;
    [[nodiscard]] Result<void> append(Event event);
    [[nodiscard]] bool stop_asked() const;
    [[nodiscard]] std::filesystem::path scratch() const { return directory_.path() / "scratch"; }
    void tell();
    void say(const std::string& text);
    void say_what_failed(const std::vector<Event>& events);
    void say_what_disturbs(const Environment& environment);

    RunDirectory& directory_;
    const Plan& plan_;
    std::vector<Arm> arms_;
    const Measuring& measuring_;
    std::map<int, int> begun_;       // highest attempt by block
    CountingAttempts whole_;         // blocks that are measured
    std::map<int, double> spent_s_;  // by block, what its jobs took, where known
    std::map<std::string, Environment> environments_;
    std::set<std::string> probed_;                // by arm, in this process
    std::map<std::string, std::string> devices_;  // by arm, that was seen at work; empty: none
    ProgressMeter meter_;
    std::optional<Error> end_of_run_;
    bool host_restored_ = true;
    bool has_simulated_samples_ = false;
};

}  // namespace passbench

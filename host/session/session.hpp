// The run loop: provision -> measure -> analyze -> judge -> report, once a look, and the same again for a run that was
// stopped. Effects only through the engine, a carrier and the run directory; nothing is printed here.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/run_directory.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"
#include "harness/scenario/lab.hpp"
#include "host/engine/step.hpp"

namespace passbench {

struct Reported;  // harness/report/report.hpp

/// How far a run is. Later looks count as soon as they are begun, so `planned` may grow.
struct RunProgress {
    std::size_t done = 0;     // trials that ended in a block that counts or may still count
    std::size_t planned = 0;  // trials of all looks that were begun
    double elapsed_s = 0;     // of this process, not of the run before a resume
    double left_s = 0;        // from what trials took so far, at first from the plan's assumption
    int look = 1;
    int looks = 1;
    int block = 0;   // from 0
    int blocks = 0;  // at this look
    std::string arm;
};

/// What watches a run. Called in the thread that called run(), between jobs and when a trial of the running job was seen to
/// be over; it should return at once, for the next trial is being set up meanwhile.
class Progress {
public:
    virtual ~Progress() = default;
    virtual void begin(const std::filesystem::path& run, const RunProgress& progress) = 0;
    virtual void trial_done(const RunProgress& progress) = 0;
    virtual void message(std::string_view text) = 0;
    virtual void end(const RunProgress& progress) = 0;
};

/// Asked a few times a second; true ends the running trial and the run, which can be resumed.
using StopAsked = std::function<bool()>;

/// How to measure: what run and resume have in common.
struct Measuring {
    Lab lab = default_lab();
    std::string agent;             // path of the agent to use; "": the provider's own
    Progress* progress = nullptr;  // may be absent
    StopAsked stop = {};           // may be absent
};

struct RunRequest {
    Plan plan;
    std::string scenario_text;      // kept in the run directory
    std::filesystem::path results;  // the folder that run directories are made in
    Measuring measuring;
};

/// A run with everything that a report shows.
struct RunOutcome {
    std::filesystem::path path;
    Plan plan;
    RunStatus status;
    std::map<std::string, Environment> environments;
    Stats stats;
    Verdict verdict;

    /// What the reports are made from; refers to this outcome.
    [[nodiscard]] Reported reported() const;
};

/// All stages of a new run. Errors: `usage` and `unsupported` where the lab does not offer an arm, before anything is made;
/// `interrupted` where stop said so, and any other where the run cannot go on: `fix` then ends with the command that resumes
/// the run, and its status.json says the same.
[[nodiscard]] Result<RunOutcome> run(const RunRequest& request);

/// Measures what a run directory still misses; an interrupted block is done again whole as its next attempt. Errors as run's,
/// `plan_changed` where the plan or scenario is not the one that was begun, `precondition` on another machine or with a lab
/// that binds or prepares otherwise.
[[nodiscard]] Result<RunOutcome> resume(const std::filesystem::path& run, const Measuring& measuring);

/// Analyzes and judges the records of a run again, whatever its state; writes nothing.
[[nodiscard]] Result<RunOutcome> analyze_again(const std::filesystem::path& run);

/// Writes stats.json, verdict.json and report/ (report.md, junit.xml, stats.csv) of an outcome.
[[nodiscard]] Result<void> write_derived(const RunOutcome& outcome);

/// The name of a run's folder, however its path is written: "results/runs/X/", "." inside of it.
[[nodiscard]] std::string run_name(const std::filesystem::path& run);

/// The report for people among what write_derived writes.
[[nodiscard]] std::filesystem::path report_file(const RunOutcome& outcome);

/// The command that resumes a run, as a person types it.
[[nodiscard]] std::string resume_command(const std::filesystem::path& run, const std::string& lab_file);

/// What one arm does to its host, and gives back after each block.
struct ArmSteps {
    std::string arm;
    std::vector<Step> steps;
    std::string script;  // the same as a person would type it (Provider::script); may be empty
};

/// What a run of this plan would do to the host, by arm. Surveys, and changes nothing; `recorded` takes the place of the survey where
/// it is given. Errors as run's before anything is made.
[[nodiscard]] Result<std::vector<ArmSteps>> host_steps(const Plan& plan, const Lab& lab,
                                                       const std::optional<HostFacts>& recorded);

}  // namespace passbench

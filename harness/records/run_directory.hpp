// The run directory: the only place that knows file names. Measured files are append only or written once; stats.json,
// verdict.json and report/ are derived and may be written again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/durable_files.hpp"
#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/records/events.hpp"
#include "harness/records/plan.hpp"
#include "harness/records/request.hpp"
#include "harness/records/samples.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/verdict.hpp"

namespace passbench {

enum class RunState { running, interrupted, failed, complete };
[[nodiscard]] std::string_view to_string(RunState state);

/// status.json.
struct RunStatus {
    RunState state = RunState::running;
    std::string started;  // UTC
    std::string ended;    // UTC, "" while it runs
    bool simulated = false;
    std::string reason;                       // why interrupted or failed
    std::map<std::string, std::string> arms;  // what each arm became: {"native": "local"}
    bool host_restored = true;                // the survey after equals the snapshot before, but for `kept`
    std::vector<std::string> kept;            // what was changed for good, by consent: "eflow deployment = nested"
};
[[nodiscard]] std::string to_json(const RunStatus& status);
[[nodiscard]] Result<RunStatus> status_from_json(std::string_view text);

/// Which attempt of each block counts: attempt by block number, for blocks that ended whole.
using CountingAttempts = std::map<int, int>;
[[nodiscard]] CountingAttempts counting_attempts(const std::vector<Event>& events);

/// The output folder of an agent, read whole and checked against what it was asked: chunks and events name trials of the
/// request alone, lie within the file, and fit their checksums.
struct JobOutput {
    std::vector<Chunk> chunks;
    std::filesystem::path folder;
    std::vector<Event> events;
    std::vector<Event> telemetry;
};
/// Error `bad_record` naming file and line.
[[nodiscard]] Result<JobOutput> read_job_output(const std::filesystem::path& folder, const JobRequest& request);

class RunDirectory {
public:
    /// Makes PARENT/<utc>-<stem>-<hash> with scenario.toml, plan.json and status.json, whole or not at all: what a kill
    /// leaves half made has a name that begins with a dot. Error `io` (read-only, full).
    [[nodiscard]] static Result<RunDirectory> create(const std::filesystem::path& parent,
                                                     std::string_view scenario_text, const Plan& plan);
    /// Opens an existing one and checks that it is a run of a version known here. Error `usage` where there is nothing
    /// at this path, `bad_record`, `io`.
    [[nodiscard]] static Result<RunDirectory> open(const std::filesystem::path& path);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path report_folder() const;

    // Reading. Errors: `bad_record` with file and place, `plan_changed` for an edited plan, `io`.
    [[nodiscard]] Result<std::string> scenario_text() const;
    [[nodiscard]] Result<Plan> plan() const;
    [[nodiscard]] Result<RunStatus> status() const;
    [[nodiscard]] Result<std::vector<Event>> events() const;
    [[nodiscard]] Result<std::vector<Event>> telemetry() const;
    [[nodiscard]] Result<SampleReader> samples() const;
    [[nodiscard]] Result<std::map<std::string, Environment>> environments() const;
    [[nodiscard]] Result<HostFacts> host() const;
    [[nodiscard]] Result<Stats> stats() const;
    [[nodiscard]] Result<Verdict> verdict() const;

    // Writing.
    /// Cuts torn last lines (a crash in mid-line) off the append-only files; whole lines and all columns stay.
    [[nodiscard]] Result<void> mend_torn_tails();
    /// Columns, sync, index lines, events and telemetry, sync. After an error nothing of the job is counted.
    [[nodiscard]] Result<void> append_job(const JobOutput& output);
    [[nodiscard]] Result<void> append_event(const Event& event);
    [[nodiscard]] Result<void> append_log(std::string_view line);
    [[nodiscard]] Result<void> write(const RunStatus& status);
    [[nodiscard]] Result<void> write(const std::map<std::string, Environment>& environments);
    [[nodiscard]] Result<void> write(const HostFacts& host);
    [[nodiscard]] Result<void> write(const Stats& stats);
    [[nodiscard]] Result<void> write(const Verdict& verdict);
    [[nodiscard]] Result<void> write_steps(std::string_view json);
    [[nodiscard]] Result<void> write_journal(std::string_view lines);
    [[nodiscard]] Result<void> write_report(std::string_view file_name, std::string_view content);
    /// MANIFEST.sha256 over what was measured, scenario.toml to status.json.
    [[nodiscard]] Result<void> write_manifest();
    [[nodiscard]] bool has_manifest() const;
    /// The files that no longer fit the manifest; empty when all do. Error `bad_record` where there is no manifest.
    [[nodiscard]] Result<std::vector<std::string>> check_manifest() const;

private:
    explicit RunDirectory(std::filesystem::path path);
    std::filesystem::path path_;
};

}  // namespace passbench

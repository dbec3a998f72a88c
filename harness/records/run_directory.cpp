#include "harness/records/run_directory.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/core/clock.hpp"
#include "harness/core/this_process.hpp"
#include "harness/records/file_names.hpp"
#include "harness/records/lines.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t max_document_bytes = std::int64_t{256} << 20;
constexpr std::int64_t max_run_lines_bytes = std::int64_t{4} << 30;
constexpr int max_runs_a_second = 1000;

/// Letters, digits, dot, dash and underscore: a stem becomes part of a folder's name.
std::string plain_name(std::string_view stem) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    std::string name(stem.substr(0, 64));
    std::replace_if(
        name.begin(), name.end(), [&](char character) { return plain.find(character) == std::string_view::npos; }, '-');
    return name;
}

Result<std::string> read_document(const fs::path& path, std::string_view fix_if_absent) {
    std::error_code problem;
    if (!fs::exists(path, problem)) {
        return fail({.code = ErrorCode::io,
                     .what = "there is no " + path.filename().string() + " in this run",
                     .where = path.parent_path().string(),
                     .fix = std::string(fix_if_absent)});
    }
    auto text = read_file(path, max_document_bytes);
    if (!text && text.error().code == ErrorCode::usage) text.error().code = ErrorCode::bad_record;
    return text;
}

constexpr std::string_view restore_fix = "Restore the file from a copy; without it the run cannot be read.";
constexpr std::string_view derive_fix = "It is made from the samples: run `passbench report` on this folder.";

template <typename Decode>
auto read_as(const fs::path& path, std::string_view fix_if_absent, Decode&& decode)
    -> decltype(decode(std::string_view{})) {
    PASSBENCH_TRY(const std::string text, read_document(path, fix_if_absent));
    auto decoded = decode(std::string_view(text));
    if (!decoded) decoded.error().where = path.string();
    return decoded;
}

Result<std::vector<Event>> read_event_file(const fs::path& path) {
    std::vector<Event> events;
    PASSBENCH_TRY([[maybe_unused]] const LinesRead read,
                  read_lines(path, max_run_lines_bytes, [&](std::string_view line) -> Result<void> {
                      PASSBENCH_TRY(Event event, event_from_json(line));
                      events.push_back(std::move(event));
                      return {};
                  }));
    return events;
}

Result<void> fill_new_run(const fs::path& folder, std::string_view scenario_text, const Plan& plan) {
    PASSBENCH_CHECK(make_folder(folder));
    PASSBENCH_CHECK(replace_file(folder / file_name::scenario, scenario_text));
    PASSBENCH_CHECK(replace_file(folder / file_name::plan, to_json(plan)));
    RunStatus status;
    status.started = utc_now();
    return replace_file(folder / file_name::status, to_json(status));
}

}  // namespace

RunDirectory::RunDirectory(fs::path path) : path_(std::move(path)) {}

Result<RunDirectory> RunDirectory::create(const fs::path& parent, std::string_view scenario_text, const Plan& plan) {
    const std::string step = "making a run directory in " + parent.string();
    const std::string name = utc_compact() + "-" + plain_name(plan.scenario) + "-" + plan_digest(plan).substr(0, 6);
    if (auto made = make_folder(parent); !made) return fail_in(std::move(made).error(), step);
    // Filled under another name and then put in place: a run directory is there whole or not at all.
    const fs::path fresh = parent / std::string(".").append(name).append(".").append(std::to_string(process_number()));
    auto placed = fill_new_run(fresh, scenario_text, plan);
    std::error_code problem;
    for (int number = 1; placed && number <= max_runs_a_second; ++number) {
        const fs::path path = parent / (number == 1 ? name : name + "-" + std::to_string(number));
        if (fs::exists(path, problem)) continue;
        placed = rename_path(fresh, path);
        if (placed) return RunDirectory(path);
        // Another process may have taken the name in between.
        if (fs::exists(path, problem)) placed = {};
    }
    // Where it cannot be removed either, the first error is the one to tell.
    (void)remove_folder(fresh);
    if (placed) {
        placed = fail({.code = ErrorCode::io,
                       .what = "there are too many runs of the name " + name,
                       .where = parent.string(),
                       .fix = "Try again in a second, or choose another folder."});
    }
    return fail_in(std::move(placed).error(), step);
}

Result<RunDirectory> RunDirectory::open(const fs::path& path) {
    std::error_code problem;
    const auto kind = fs::status(path, problem).type();
    if (kind != fs::file_type::directory) {
        // A path that leads nowhere is a mistake of who typed it, as a scenario's is.
        const bool is_absent = kind == fs::file_type::not_found;
        return fail({.code = is_absent ? ErrorCode::usage : ErrorCode::io,
                     .what = is_absent ? "there is no such folder" : "this is a file, not a run directory",
                     .where = path.string(),
                     .fix = "Give the path of a run, a folder under results/runs."});
    }
    for (const std::string_view needed : {file_name::plan, file_name::status}) {
        if (fs::exists(path / needed, problem)) continue;
        return fail({.code = ErrorCode::bad_record,
                     .what = "this is not a run directory: there is no " + std::string(needed) + " in it",
                     .where = path.string(),
                     .fix = "Give the path of a run, a folder under results/runs; a damaged one needs the file "
                            "restored from a copy."});
    }
    RunDirectory run(path);
    PASSBENCH_CHECK(run.status());
    // An edited plan is no reason not to look at the rest: plan() tells it to who asks.
    if (auto plan = run.plan(); !plan && plan.error().code != ErrorCode::plan_changed)
        return fail(std::move(plan).error());
    return run;
}

fs::path RunDirectory::report_folder() const { return path_ / file_name::report; }

Result<std::string> RunDirectory::scenario_text() const {
    return read_document(path_ / file_name::scenario, restore_fix);
}

Result<Plan> RunDirectory::plan() const { return read_as(path_ / file_name::plan, restore_fix, plan_from_json); }

Result<RunStatus> RunDirectory::status() const {
    return read_as(path_ / file_name::status, restore_fix, status_from_json);
}

Result<std::vector<Event>> RunDirectory::events() const { return read_event_file(path_ / file_name::events); }

Result<std::vector<Event>> RunDirectory::telemetry() const { return read_event_file(path_ / file_name::telemetry); }

Result<SampleReader> RunDirectory::samples() const { return SampleReader::open(path_); }

Result<std::map<std::string, Environment>> RunDirectory::environments() const {
    return read_as(path_ / file_name::environment, restore_fix, environments_from_json);
}

Result<HostFacts> RunDirectory::host() const { return read_as(path_ / file_name::host, restore_fix, host_from_json); }

Result<Stats> RunDirectory::stats() const { return read_as(path_ / file_name::stats, derive_fix, stats_from_json); }

Result<Verdict> RunDirectory::verdict() const {
    return read_as(path_ / file_name::verdict, derive_fix, verdict_from_json);
}

Result<void> RunDirectory::append_event(const Event& event) {
    return append_lines(path_ / file_name::events, to_json_line(event), Durability::synced);
}

Result<void> RunDirectory::append_log(std::string_view line) {
    return append_lines(path_ / file_name::log, std::string(line) + "\n", Durability::unsynced);
}

Result<void> RunDirectory::write(const RunStatus& status) {
    return replace_file(path_ / file_name::status, to_json(status));
}

Result<void> RunDirectory::write(const std::map<std::string, Environment>& environments) {
    return replace_file(path_ / file_name::environment, to_json(environments));
}

Result<void> RunDirectory::write(const HostFacts& host) { return replace_file(path_ / file_name::host, to_json(host)); }

Result<void> RunDirectory::write(const Stats& stats) { return replace_file(path_ / file_name::stats, to_json(stats)); }

Result<void> RunDirectory::write(const Verdict& verdict) {
    return replace_file(path_ / file_name::verdict, to_json(verdict));
}

Result<void> RunDirectory::write_steps(std::string_view json) { return replace_file(path_ / file_name::steps, json); }

Result<void> RunDirectory::write_journal(std::string_view lines) {
    return replace_file(path_ / file_name::journal, lines);
}

Result<void> RunDirectory::write_report(std::string_view file_name, std::string_view content) {
    const fs::path name(file_name);
    if (name.empty() || name.filename() != name || name == "." || name == "..") {
        return fail({.code = ErrorCode::usage,
                     .what = "this is not the plain name of a report's file: '" + name.string() + "'",
                     .where = report_folder().string(),
                     .fix = "Use a name without folders, such as report.md."});
    }
    PASSBENCH_CHECK(make_folder(report_folder()));
    return replace_file(report_folder() / name, content);
}

}  // namespace passbench

#include "harness/records/tests/example_records.hpp"

#include <array>
#include <stdexcept>

namespace passbench::example {
namespace {

namespace fs = std::filesystem;

constexpr const char* example_time = "2026-01-15T09:30:00.123Z";

PlannedCase planned_copy() {
    PlannedCase planned{.name = {},
                        .workload = "copy",
                        .form = Form::cpu,
                        .parameters = {{"bytes", std::int64_t{4096}}, {"stores", "plain"}, {"threads", "all"}},
                        .work = {.bytes = 8192},
                        .gates = {{.metric = "wall", .budget = 0.03}}};
    planned.name = case_name(planned.workload, planned.form, planned.parameters);
    return planned;
}

PlannedCase planned_dispatch() {
    PlannedCase planned{.name = {},
                        .workload = "dispatch",
                        .workload_version = 2,
                        .form = Form::cpu,
                        .parameters = {},
                        .work = {.items = 1},
                        .gates = {}};
    planned.name = case_name(planned.workload, planned.form, planned.parameters);
    return planned;
}

Result<void> append_chunk(SampleWriter& writer, const JobRequest& request, const TrialRequest& trial, Phase phase,
                          const std::vector<std::int64_t>& values) {
    Chunk chunk;
    chunk.case_name = trial.what.name;
    chunk.arm = request.arm;
    chunk.block = request.block;
    chunk.trial = trial.trial;
    chunk.attempt = request.attempt;
    chunk.phase = phase;
    const std::array columns = {ColumnValues{.name = "wall_ns", .values = values},
                                ColumnValues{.name = "device_ns", .values = values}};
    return writer.append(chunk, columns);
}

Result<void> append_lines(const fs::path& path, const std::vector<Event>& events) {
    PASSBENCH_TRY(AppendFile file, AppendFile::open(path));
    for (const Event& each : events) PASSBENCH_CHECK(file.append(to_json_line(each)));
    return {};
}

Estimate estimate_alone() {
    Estimate estimate;
    estimate.case_name = planned_copy().name;
    estimate.metric = "bandwidth";
    estimate.unit = "B/s";
    estimate.direction = Direction::higher;
    estimate.kind = MetricKind::rate;
    estimate.arm = "native";
    estimate.blocks = 2;
    estimate.value = 4.1e10;
    estimate.lo = 4.0e10;
    estimate.hi = 4.2e10;
    estimate.confidence = 0.5;
    estimate.method = "order_statistic";
    estimate.limit =
        EstimateLimit{.value = 5.5e10, .kind = LimitKind::measured, .formula = "copy of 256 MiB on all threads"};
    estimate.of_limit = 4.1 / 5.5;
    return estimate;
}

Estimate estimate_against_reference() {
    Estimate estimate = estimate_alone();
    estimate.metric = "wall";
    estimate.unit = "ns";
    estimate.direction = Direction::lower;
    estimate.kind = MetricKind::time;
    estimate.arm = "dda";
    estimate.reference = "native";
    estimate.value = estimate.lo = estimate.hi = std::nullopt;
    estimate.limit = std::nullopt;
    estimate.of_limit = std::nullopt;
    estimate.mde = 0.08;
    estimate.confidence = 0;
    estimate.method = "hodges_lehmann_paired";
    estimate.why = "2 pairs are fewer than the 6 that an interval needs";
    estimate.flags = {{.code = "underpowered", .text = "The effect that can be seen is larger than the budget."}};
    return estimate;
}

Fit fit() {
    return {.cases = "copy/cpu?threads=all",
            .parameter = "bytes",
            .metric = "wall",
            .arm = "dda",
            .reference = "native",
            .model = "alpha + bytes / beta",
            .method = "hodges_lehmann_paired",
            .blocks = 8,
            .points = 3,
            .from = 4,
            .to = std::int64_t{1} << 30,
            .numbers = {{.name = "alpha",
                         .unit = "ns",
                         .value = 10'250.5,
                         .lo = 10'000.0,
                         .hi = 10'500.0,
                         .confidence = 0.9921875},
                        {.name = "beta", .unit = "B/s", .why = "in 1 of 8 blocks the time does not grow with bytes"}},
            .furthest = FitResidual{.at = 4096, .value = -0.125},
            .why = "only an example"};
}

}  // namespace

Plan plan() {
    Plan plan;
    plan.scenario = "example";
    plan.title = "Copies and dispatches, \"native\" against dda";
    plan.factor = "passthrough";
    plan.arms = {"native", "dda"};
    plan.machine = {.gpu = "T4", .vcpus = 8, .memory_bytes = std::int64_t{16} << 30, .fixture = "t4-lab"};
    plan.cases = {planned_copy(), planned_dispatch()};
    plan.design.looks = {2};
    plan.design.trials = 2;
    plan.design.iterations = 2;
    plan.design.seed = 18446744073709551615U;
    plan.blocks = {{.arms = {1, 0}, .slots = {{0, 1}, {1, 0}, {0, 0}, {1, 1}}},
                   {.arms = {0, 1}, .slots = {{1, 1}, {0, 0}, {1, 0}, {0, 1}}}};
    plan.sha256 = plan_digest(plan);
    return plan;
}

JobRequest request(const Plan& plan, int block, int arm, int attempt) {
    JobRequest request;
    request.arm = plan.arms.at(static_cast<std::size_t>(arm));
    request.block = block;
    request.attempt = attempt;
    request.iterations = plan.design.iterations;
    request.warmup_ns = plan.design.warmup_ns;
    request.warmup_cap_ns = plan.design.warmup_cap_ns;
    request.trial_timeout_ns = plan.design.trial_timeout_ns;
    request.cpus = 8;
    for (const Slot& slot : plan.blocks.at(static_cast<std::size_t>(block)).slots) {
        const auto index = static_cast<std::size_t>(slot.case_index);
        request.trials.push_back(
            {.what = plan.cases.at(index), .trial = slot.trial, .seed = 9'007'199'254'740'993U + index});
    }
    return request;
}

Event trial_event(const JobRequest& request, const TrialRequest& trial, const std::string& kind) {
    Event result = event(kind, request.block, request.attempt);
    result.case_name = trial.what.name;
    result.arm = request.arm;
    result.trial = trial.trial;
    if (kind == "trial_ended") {
        result.facts = {{"threads", std::int64_t{2}}, {"isa", "avx2"}, {"verified", true}, {"limit.value", 5.5e10}};
    }
    return result;
}

Result<void> write_job_output(const fs::path& folder, const JobRequest& request) {
    PASSBENCH_CHECK(make_folder(folder));
    PASSBENCH_TRY(SampleWriter writer, SampleWriter::open(folder));
    std::vector<Event> events;
    std::int64_t value = 1000 * request.block;
    for (const TrialRequest& trial : request.trials) {
        events.push_back(trial_event(request, trial, "trial_begun"));
        PASSBENCH_CHECK(append_chunk(writer, request, trial, Phase::cold, {value + 900}));
        PASSBENCH_CHECK(append_chunk(writer, request, trial, Phase::measure, {value + 1, value + 2}));
        events.push_back(trial_event(request, trial, "trial_ended"));
        value += 10;
    }
    PASSBENCH_CHECK(append_lines(folder / "events.jsonl", events));
    Event telemetry = trial_event(request, request.trials.front(), "telemetry");
    telemetry.facts = {{"cpu.temperature_c", 41.5}};
    return append_lines(folder / "telemetry.jsonl", {telemetry});
}

Environment environment() {
    return {.identity = {{"cpu.model", "Example CPU @ 2.5 GHz"}, {"cpus", std::int64_t{8}}},
            .context = {{"kernel", "6.1.0"}, {"hypervisor", "none"}},
            .capabilities = {{"isa.avx2", true}, {"timer.cost_ns", 23.25}},
            .disturbances = {{"governor", "powersave"}, {"governor.advice", "Set it to performance."}},
            .preflight = {{.check = "gpu.idle", .severity = PreflightSeverity::ok, .what = "nobody else", .fix = {}},
                          {.check = "environment.LD_PRELOAD",
                           .severity = PreflightSeverity::warn,
                           .what = "it is set",
                           .fix = "Start without it."}},
            .simulated = false};
}

HostFacts host() { return {{"cpu", {{"governor", "powersave"}}}, {"gpu/0", {{"name", "T4"}, {"assignable", true}}}}; }

std::string steps_json() {
    return R"({"format":"passbench.steps","version":1,"steps":[{"resource":"cpu","property":"governor","before":"powersave",)"
           R"("wanted":"performance","undo":"restore","why":"The clock then stays the same."}]})"
           "\n";
}

std::string journal_lines() {
    return R"({"at":"2026-01-15T09:30:00.123Z","format":"passbench.journal","kind":"begin","lease":0,"process":42,)"
           R"("provider":"local","snapshot":{"cpu":{"governor":"powersave"}},"version":1})"
           "\n"
           R"({"at":"2026-01-15T09:30:00.124Z","before":"powersave","kind":"intent","lease":0,"property":"governor",)"
           R"("resource":"cpu","step":0,"undo":"restore","wanted":"performance"})"
           "\n"
           R"({"at":"2026-01-15T09:30:00.125Z","kind":"note","lease":0,"observed":"performance","phase":"done","step":0})"
           "\n"
           R"({"at":"2026-01-15T09:31:00.125Z","kind":"end","lease":0})"
           "\n";
}

RunStatus status() {
    return {.state = RunState::complete,
            .started = example_time,
            .ended = "2026-01-15T09:31:00.000Z",
            .simulated = false,
            .reason = "for the example",
            .arms = {{"native", "local"}, {"dda", "local"}},
            .host_restored = true,
            .kept = {"eflow deployment = nested"}};
}

Stats stats() {
    Stats stats;
    stats.look = 1;
    for (int block = 0; block < 2; ++block) {
        stats.blocks.push_back({.case_name = planned_copy().name,
                                .metric = "wall",
                                .arm = "native",
                                .block = block,
                                .attempt = block,
                                .trials = 2,
                                .value = 1001.5 + block});
    }
    stats.quantiles = {
        {.case_name = planned_copy().name, .arm = "native", .metric = "wall", .p = 0.99, .value = 1002, .n = 8}};
    stats.estimates = {estimate_alone(), estimate_against_reference()};
    stats.fits = {fit()};
    stats.speed_ups = {{.case_name = "gemm/cuda?by=own&n=1024&precision=f32",
                        .arm = "native",
                        .cpu_case = "gemm/cpu?library=best&n=1024&precision=f32&threads=all",
                        .cpu_cases = 2,
                        .blocks = 8,
                        .numbers = {{.name = "alone", .value = 40.5, .lo = 39.0, .hi = 42.0, .confidence = 0.9921875}},
                        .why = ""}};
    stats.parts = {{.case_name = planned_copy().name,
                    .arm = "native",
                    .blocks = 8,
                    .simulated = true,
                    .whole = 8500.5,
                    .parts = {{.name = "enqueue",
                               .value = 2000.25,
                               .lo = 1990.0,
                               .hi = 2010.5,
                               .confidence = 0.9921875,
                               .share = 0.2353},
                              {.name = "run", .under = 120.0},
                              {.name = "finish_to_wake", .value = 6400.0, .share = 0.753, .clocks = 540.0}},
                    .remainder = 100.25,
                    .why = "only an example"}};
    stats.host_times = {{.arm = "dda",
                         .event = std::string(host_event::prepared),
                         .leases = 8,
                         .median_ns = 4.5e9,
                         .lo_ns = 4.0e9,
                         .hi_ns = 5.0e9,
                         .confidence = 0.9921875},
                        {.arm = "dda",
                         .event = std::string(host_event::given_back),
                         .what = "vm/lab-guest state = off",
                         .leases = 2,
                         .median_ns = 1.5e9,
                         .simulated = true}};
    stats.missing = {{.case_name = planned_dispatch().name,
                      .arm = "dda",
                      .block = 1,
                      .trial = 0,
                      .word = "skipped",
                      .text = "There are fewer than two CPUs."}};
    return stats;
}

Verdict verdict() {
    Verdict verdict;
    verdict.word = RunWord::inconclusive;
    verdict.card = "none";
    verdict.reasons = {{.code = "gate_inconclusive", .text = "One gate is open.", .fix = "Measure more blocks."}};
    verdict.gates = {{.case_name = planned_copy().name,
                      .metric = "wall",
                      .arm = "dda",
                      .reference = "native",
                      .word = GateWord::inconclusive,
                      .estimate = 0.01,
                      .lo = -0.02,
                      .hi = 0.04,
                      .budget = 0.03,
                      .blocks = 2,
                      .mde = 0.08,
                      .text = "The interval crosses the budget."}};
    verdict.flags = {{.code = "underpowered", .text = "2 blocks see no effect under 8 %."}};
    verdict.kept = {"eflow deployment = nested"};
    return verdict;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    if (at == std::string::npos) throw std::invalid_argument("the test plants nothing: " + std::string(from));
    return text.replace(at, from.size(), to);
}

Event event(const std::string& kind, int block, int attempt) {
    Event result;
    result.kind = kind;
    result.at = example_time;
    result.block = block;
    result.attempt = attempt;
    return result;
}

Result<RunDirectory> write_run(const fs::path& parent, const fs::path& scratch) {
    const Plan planned = plan();
    PASSBENCH_TRY(RunDirectory run, RunDirectory::create(parent, "version = 1\ntitle = \"example\"\n", planned));
    PASSBENCH_CHECK(run.write(host()));
    PASSBENCH_CHECK(run.write(std::map<std::string, Environment>{{"native", environment()}, {"dda", environment()}}));
    PASSBENCH_CHECK(run.write_steps(steps_json()));
    PASSBENCH_CHECK(run.append_event(event("run_begun")));
    for (int block = 0; block < 2; ++block) {
        PASSBENCH_CHECK(run.append_event(event("block_begun", block, 0)));
        for (const int arm : planned.blocks[static_cast<std::size_t>(block)].arms) {
            const JobRequest job = request(planned, block, arm);
            const fs::path folder = scratch / (std::to_string(block) + "-" + std::to_string(arm));
            PASSBENCH_CHECK(write_job_output(folder, job));
            PASSBENCH_TRY(const JobOutput output, read_job_output(folder, job));
            PASSBENCH_CHECK(run.append_job(output));
        }
        PASSBENCH_CHECK(run.append_event(event("block_ended", block, 0)));
    }
    PASSBENCH_CHECK(run.append_event(event("run_ended")));
    PASSBENCH_CHECK(run.append_log("the example ended"));
    PASSBENCH_CHECK(run.write_journal(journal_lines()));
    PASSBENCH_CHECK(run.write(status()));
    PASSBENCH_CHECK(run.write_manifest());
    PASSBENCH_CHECK(run.write(stats()));
    PASSBENCH_CHECK(run.write(verdict()));
    PASSBENCH_CHECK(run.write_report("report.md", "# example\n"));
    return run;
}

}  // namespace passbench::example

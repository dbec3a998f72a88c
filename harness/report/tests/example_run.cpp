#include "harness/report/tests/example_run.hpp"

#include <utility>

#include "harness/judge/judge.hpp"

namespace passbench {
namespace {

PlannedCase planned(const std::string& workload, Parameters parameters, std::vector<Gate> gates = {}) {
    PlannedCase one;
    one.name = case_name(workload, Form::cpu, parameters);
    one.workload = workload;
    one.parameters = std::move(parameters);
    one.gates = std::move(gates);
    return one;
}

struct Numbers {
    double value;
    double lo;
    double hi;
};

Estimate estimate(const PlannedCase& of, const std::string& metric, const std::string& arm, const Numbers& numbers) {
    const Metric* known = find_metric(*find_workload(of.workload), metric);
    Estimate one;
    one.case_name = of.name;
    one.metric = metric;
    one.unit = known->unit;
    one.direction = known->direction;
    one.kind = known->kind;
    one.arm = arm;
    one.blocks = 8;
    one.value = numbers.value;
    one.lo = numbers.lo;
    one.hi = numbers.hi;
    one.confidence = 0.9921875;
    one.method = "order_statistic";
    one.ran_on = "2 threads, avx512";
    return one;
}

Estimate limited(Estimate one, double limit, LimitKind kind, const std::string& formula) {
    one.limit = EstimateLimit{limit, kind, formula};
    one.of_limit = *one.value / limit;
    return one;
}

Estimate change(const PlannedCase& of, const std::string& metric, const Numbers& numbers) {
    Estimate one = estimate(of, metric, "dda", numbers);
    one.reference = "native";
    one.unit = "";
    one.kind = MetricKind::ratio;
    one.method = "hodges_lehmann_paired";
    one.confidence = 0.984375;
    one.mde = 0.0123;
    one.ran_on = "";
    return one;
}

Environment example_environment() {
    Environment environment;
    environment.identity = {{"agent.source", "1a2b3c4"},
                            {"cpu.model", "Example 9000 @ 2.10GHz"},
                            {"cpus", std::int64_t{2}},
                            {"memory_bytes", std::int64_t{4} << 30}};
    environment.context = {{"hypervisor", "Hyper-V"}, {"kernel", "6.1.0"}};
    environment.capabilities = {{"isa", "sse2 avx2 avx512"}};
    environment.disturbances = {{"cpu.boost", "on"}, {"cpu.boost.advice", "turn it off"}, {"load", 0.1}};
    return environment;
}

void judge_example(ExampleReport& run) { run.verdict = judge({run.plan, run.stats, run.status, run.environments, {}}); }

/// Launches at two depths: one told apart into its parts, one that could not be.
void add_launches(ExampleReport& run) {
    for (const std::int64_t depth : {1, 64}) {
        PlannedCase launch = planned("launch", {{"depth", depth}, {"sync", "spin"}});
        launch.form = Form::cuda;
        launch.name = case_name("launch", Form::cuda, launch.parameters);
        run.plan.cases.push_back(launch);
        const double wall = depth == 1 ? 8512.0 : 2104.0;
        for (const std::string& arm : run.plan.arms) {
            Estimate one = estimate(launch, "wall", arm, {wall, wall * 0.99, wall * 1.01});
            one.ran_on = "Example GPU, sm_75, 40 SMs";
            run.stats.estimates.push_back(one);
            WallParts parts{.case_name = launch.name, .arm = arm, .blocks = 8, .simulated = true, .whole = wall};
            if (depth == 1) {
                parts.parts = {{.name = "enqueue", .value = 2001.0, .lo = 1990.0, .hi = 2010.0, .share = 2001 / wall},
                               {.name = "submit_to_start",
                                .value = 4003.0,
                                .lo = 3980.0,
                                .hi = 4033.0,
                                .share = 4003 / wall,
                                .clocks = 530.0},
                               {.name = "run", .under = 150.0},
                               {.name = "finish_to_wake",
                                .value = 2522.0,
                                .lo = 2500.0,
                                .hi = 2551.0,
                                .share = 2522 / wall,
                                .clocks = 530.0}};
                parts.remainder = wall - 2001 - 4003 - 2522;
            } else {
                parts.why = "this device cannot map the host's memory";
            }
            run.stats.parts.push_back(parts);
        }
    }
}

ExampleReport begin_example(std::vector<std::string> arms) {
    ExampleReport run;
    run.plan.scenario = "example";
    run.plan.title = "DDA overhead on the CPU forms";
    run.plan.factor = "passthrough";
    run.plan.arms = std::move(arms);
    run.plan.design.looks = {8, 16, 24};
    run.plan.blocks.resize(24);
    for (BlockPlan& block : run.plan.blocks) block = {{0}, {{0, 0}, {1, 0}}};
    run.plan.sha256 = std::string(64, 'a');
    run.stats.look = 1;
    run.stats.looks = 3;
    run.status.state = RunState::complete;
    run.status.started = "2026-01-15T09:30:00.123Z";
    for (const std::string& arm : run.plan.arms) run.environments[arm] = example_environment();
    return run;
}

void add_stream(ExampleReport& run) {
    const Parameters plain = {
        {"bytes", std::int64_t{64} << 20}, {"op", "triad"}, {"stores", "plain"}, {"threads", "all"}};
    Parameters streaming = plain;
    streaming["stores"] = "nontemporal";
    for (const auto& [parameters, share] : {std::pair(plain, 0.61), std::pair(streaming, 0.97)}) {
        const PlannedCase stream = planned("stream", parameters);
        run.plan.cases.push_back(stream);
        for (const std::string& arm : run.plan.arms) {
            const double value = 55e9 * share;
            Estimate one = limited(estimate(stream, "bandwidth", arm, {value, value * 0.985, value * 1.012}), 55e9,
                                   LimitKind::measured, "read bandwidth of the same trial");
            if (share < 0.7) {
                one.flags.push_back({"below_peak",
                                     "61.0 % of the measured peak: less than 70 %, so this is not the best "
                                     "that this machine can do"});
            }
            run.stats.estimates.push_back(one);
        }
        if (run.plan.arms.size() > 1) run.stats.estimates.push_back(change(stream, "bandwidth", {0.011, 0.004, 0.019}));
    }
}

void add_gated_copies(ExampleReport& run) {
    const Numbers changes[] = {{0.051, 0.031, 0.072}, {0.004, -0.008, 0.011}, {0.021, -0.012, 0.044}};
    std::int64_t bytes = 4096;
    for (const Numbers& numbers : changes) {
        const PlannedCase copy =
            planned("copy", {{"bytes", bytes}, {"stores", "plain"}, {"threads", std::int64_t{1}}}, {{"wall", 0.03}});
        run.plan.cases.push_back(copy);
        const auto ns = static_cast<double>(bytes) / 10;
        for (const std::string& arm : run.plan.arms) {
            const double factor = arm == "dda" ? 1 + numbers.value : 1.0;
            run.stats.estimates.push_back(
                estimate(copy, "bandwidth", arm, {20e9 / factor, 19.7e9 / factor, 20.2e9 / factor}));
            run.stats.estimates.push_back(
                estimate(copy, "wall", arm, {ns * factor, ns * factor * 0.99, ns * factor * 1.02}));
        }
        run.stats.estimates.push_back(change(copy, "wall", numbers));
        bytes *= 1024;
    }
    const std::string cases = "copy/cpu?stores=plain&threads=1";
    Fit fit{
        .cases = cases,
        .parameter = "bytes",
        .metric = "wall",
        .arm = "native",
        .reference = std::nullopt,
        .model = "alpha + bytes / beta",
        .method = "least_log_deviations",
        .blocks = 8,
        .points = 3,
        .from = 4096,
        .to = std::int64_t{1} << 32,
        .numbers =
            {{.name = "alpha", .unit = "ns", .value = 3.25, .lo = 3.1, .hi = 3.5, .confidence = 0.9921875},
             {.name = "beta", .unit = "B/s", .value = 1.02e10, .lo = 0.99e10, .hi = 1.06e10, .confidence = 0.9921875},
             {.name = "n_half", .unit = "B", .value = 33'000, .lo = 31'000, .hi = 35'000, .confidence = 0.9921875}},
        .furthest = FitResidual{.at = 1 << 22, .value = -0.38},
        .why = ""};
    run.stats.fits.push_back(fit);
    fit.arm = "dda";
    fit.numbers[1] = {.name = "beta", .unit = "B/s", .why = "in 1 of 8 blocks the time does not grow with bytes"};
    run.stats.fits.push_back(fit);
    fit.reference = "native";
    fit.method = "hodges_lehmann_paired";
    fit.furthest = std::nullopt;
    fit.numbers = {{.name = "alpha", .unit = "", .value = 0.051, .lo = 0.031, .hi = 0.072, .confidence = 0.984375}};
    run.stats.fits.push_back(fit);
    run.stats.fits.push_back({.cases = "copy/cpu?stores=plain&threads=all",
                              .parameter = "bytes",
                              .metric = "wall",
                              .arm = "native",
                              .reference = std::nullopt,
                              .model = "alpha + bytes / beta",
                              .method = "least_log_deviations",
                              .points = 2,
                              .from = 4096,
                              .to = 8192,
                              .numbers = {},
                              .furthest = std::nullopt,
                              .why = "2 values of bytes measured; a line needs 3"});
    const std::string gemm = "gemm/cuda?by=own&n=1024&precision=f32";
    run.stats.speed_ups.push_back(
        {.case_name = gemm,
         .arm = "native",
         .cpu_case = "gemm/cpu?library=best&n=1024&precision=f32&threads=all",
         .cpu_cases = 3,
         .blocks = 8,
         .numbers = {{.name = "alone", .value = 41.25, .lo = 40.02, .hi = 43.1, .confidence = 0.9921875},
                     {.name = "with_transfers", .value = 9.5, .lo = 9.31, .hi = 9.72, .confidence = 0.9921875}},
         .why = ""});
    run.stats.speed_ups.push_back({.case_name = gemm,
                                   .arm = "dda",
                                   .cpu_case = "",
                                   .numbers = {},
                                   .why = "no cpu case of the same work has a value"});
    run.stats.estimates.back().flags.push_back({"unsteady", "2 of 24 trials had not settled when the warm-up ended"});
    run.stats.quantiles.push_back({run.plan.cases.back().name, "native", "wall", 0.99, 431.0, 720});
}

}  // namespace

ExampleReport gated_example() {
    ExampleReport run = begin_example({"native", "dda"});
    add_stream(run);
    add_gated_copies(run);
    judge_example(run);
    return run;
}

ExampleReport simulated_example() {
    ExampleReport run = begin_example({"local"});
    add_stream(run);
    const PlannedCase dispatch = planned("dispatch", {});
    run.plan.cases.push_back(dispatch);
    const Metric& metric = find_workload("dispatch")->metrics.front();
    Estimate wake = estimate(dispatch, std::string(metric.name), "local", {4210, 4100, 4400});
    wake.lo = wake.hi = std::nullopt;
    wake.blocks = 5;
    wake.flags.push_back({"underpowered", "5 blocks measured; a 95 % interval of the median needs 6: measure 1 more"});
    run.stats.estimates.push_back(wake);
    add_launches(run);
    const PlannedCase fma = planned("fma", {{"isa", "avx512"}});
    run.plan.cases.push_back(fma);
    run.stats.missing.push_back({fma.name, "local", 0, 0, "skipped", "this CPU has no avx512"});
    run.stats.simulated = true;
    judge_example(run);
    return run;
}

ExampleReport hostile_example() {
    ExampleReport run = gated_example();
    const std::string evil =
        "\x1b[31m]]>\x07<script>|`*_=\"'&\r\n\x9b" + std::string(150, 'W') + "\xe2\x80\xae\xff\xc2\x9b end";
    run.plan.scenario = evil;
    run.plan.title = evil;
    run.plan.factor = evil;
    run.plan.arms = {"native", evil};
    run.plan.sha256 = evil;
    run.environments[evil] = run.environments["dda"];
    run.environments[evil].identity["cpu.model"] = evil;
    run.environments[evil].disturbances = {{"x" + evil, evil}, {"x" + evil + ".advice", evil}};
    for (PlannedCase& one : run.plan.cases) {
        one.parameters["op"] = evil;
        one.workload = evil;
        one.name += evil;
    }
    for (Estimate& one : run.stats.estimates) {
        one.case_name += evil;
        one.metric = "=" + evil;
        one.unit = evil;
        if (one.arm == "dda") one.arm = evil;
        one.ran_on = evil;
        one.why = "=" + evil;
        one.flags.push_back({evil, evil});
    }
    for (Fit& fit : run.stats.fits) {
        fit.cases += evil;
        fit.parameter = evil;
        fit.metric = evil;
        fit.model = evil;
        fit.why = evil;
        if (fit.reference) fit.reference = evil;
        if (fit.arm == "dda") fit.arm = evil;
        for (FitNumber& number : fit.numbers) number = {.name = evil, .unit = evil, .why = evil};
    }
    for (SpeedUp& speed_up : run.stats.speed_ups) {
        speed_up.case_name += evil;
        speed_up.cpu_case += evil;
        speed_up.arm = evil;
        speed_up.why = evil;
    }
    run.stats.parts.push_back(
        {.case_name = run.plan.cases[0].name, .arm = evil, .metric = evil, .unit = evil, .whole = 1, .why = evil});
    run.stats.parts.push_back({.case_name = run.plan.cases[1].name,
                               .arm = evil,
                               .metric = evil,
                               .unit = evil,
                               .whole = 1,
                               .parts = {{.name = evil, .value = 1}},
                               .remainder = 0});
    run.stats.host_times.push_back({.arm = evil, .event = evil, .what = evil, .leases = 1, .median_ns = 1});
    run.stats.missing.push_back({run.plan.cases[0].name, evil, 0, 0, "error", evil});
    run.verdict.card = evil;
    run.verdict.reasons.push_back({evil, evil, evil});
    for (GateVerdict& gate : run.verdict.gates) {
        gate.case_name += evil;
        gate.arm = evil;
        gate.metric = evil;
        gate.text = evil;
    }
    run.status.started = evil;
    return run;
}

Comparison example_comparison() {
    const ExampleReport run = gated_example();
    Comparison comparison;
    comparison.left = "20260115T093000Z-example-1a2b3c";
    comparison.right = "20260116T093000Z-example-1a2b3c";
    comparison.context = {{"kernel", "6.1.0", "6.1.4"}, {"gpu.driver", "", "580.1"}};
    comparison.gates = run.verdict.gates;
    comparison.only_left = {"fma/cpu?isa=avx512"};
    return comparison;
}

}  // namespace passbench

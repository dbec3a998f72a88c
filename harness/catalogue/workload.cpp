#include "harness/catalogue/workload.hpp"

#include <algorithm>
#include <array>

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

std::string_view to_string(Direction direction) { return direction == Direction::lower ? "lower" : "higher"; }

std::string_view to_string(MetricKind kind) {
    switch (kind) {
        case MetricKind::time:
            return "time";
        case MetricKind::rate:
            return "rate";
        case MetricKind::count:
            return "count";
        case MetricKind::ratio:
            break;
    }
    return "ratio";
}

std::string_view to_string(LimitKind kind) {
    switch (kind) {
        case LimitKind::none:
            return "none";
        case LimitKind::measured:
            return "measured";
        case LimitKind::physical:
            break;
    }
    return "physical";
}

Result<LimitKind> parse_limit_kind(std::string_view text) {
    for (const LimitKind kind : {LimitKind::none, LimitKind::measured, LimitKind::physical}) {
        if (text == to_string(kind)) return kind;
    }
    return fail({.code = ErrorCode::usage,
                 .what = "unknown kind of limit '" + std::string(text) + "'",
                 .fix = "The kinds are none, measured and physical."});
}

Parameter threads_parameter() {
    return {.name = "threads",
            .low = 1,
            .high = 1024,
            .words = {"all"},
            .fallback = "all",
            .meaning = "how many threads share the work; all: one for each CPU of the trial"};
}

Parameter isa_parameter() {
    return {.name = "isa",
            .words = {"best", "sse2", "avx2", "avx512"},
            .fallback = "best",
            .meaning = "instruction set; best: the fastest of those that this CPU has; one that it lacks is skipped"};
}

Parameter transfers_parameter() {
    return {.name = "transfers",
            .words = {"included", "excluded"},
            .fallback = "included",
            .forms = {Form::cuda},
            .meaning =
                "whether an iteration brings its inputs to the device and its results back, from and to pinned "
                "memory, or finds and leaves them there"};
}

Metric wall_metric() {
    return {.name = "wall", .unit = "ns", .direction = Direction::lower, .kind = MetricKind::time, .column = "wall_ns"};
}

Metric device_metric() { return cuda_time_metric("device", "device_ns"); }

Metric cuda_time_metric(std::string_view name, std::string_view column) {
    return {.name = name,
            .unit = "ns",
            .direction = Direction::lower,
            .kind = MetricKind::time,
            .column = column,
            .forms = {Form::cuda}};
}

Metric transfers_metric() { return cuda_time_metric("transfers", "transfers_ns"); }

Parameter integers_parameter() {
    return {.name = "bytes",
            .unit = "B",
            .low = 4 << 10,
            .high = std::int64_t{4} << 30,
            .multiple_of = integer_bytes,
            .fallback = std::int64_t{256} << 20,
            .forms = {Form::cpu, Form::cuda},
            .tested = {4096 + 4, 20'012, 66'540},
            .meaning = "size of the array of 4-byte integers"};
}

Metric bandwidth_metric() {
    return {.name = "bandwidth",
            .unit = "B/s",
            .direction = Direction::higher,
            .kind = MetricKind::rate,
            .column = "wall_ns",
            .per_time = &Work::bytes};
}

Metric flops_metric() {
    return {.name = "flops",
            .unit = "FLOP/s",
            .direction = Direction::higher,
            .kind = MetricKind::rate,
            .column = "wall_ns",
            .per_time = &Work::flops};
}

Metric sm_clock_metric() {
    return {.name = "sm_clock",
            .unit = "Hz",
            .direction = Direction::higher,
            .kind = MetricKind::count,
            .column = "sm_clock_hz",
            .forms = {Form::cuda}};
}

std::span<const Workload> workloads() {
    static const auto all = std::to_array<Workload>({
        stream_workload(),    copy_workload(),         duplex_workload(),       host_chase_workload(),
        host_read_workload(), fma_workload(),          roofline_workload(),     dispatch_workload(),
        launch_workload(),    graph_workload(),        event_workload(),        control_path_workload(),
        gemm_workload(),      gemm_batched_workload(), tiny_kernels_workload(), image_workload(),
        fft_workload(),       reduce_workload(),       scan_workload(),         histogram_workload(),
        sort_workload(),      spmv_workload(),         gather_workload(),       managed_workload(),
        memtest_workload(),   burn_workload(),
    });
    return all;
}

const Workload* find_workload(std::string_view name) {
    const auto all = workloads();
    const auto found = std::ranges::find(all, name, &Workload::name);
    return found == all.end() ? nullptr : &*found;
}

const Metric* find_metric(const Workload& workload, std::string_view name) {
    const auto found = std::ranges::find(workload.metrics, name, &Metric::name);
    return found == workload.metrics.end() ? nullptr : &*found;
}

const Parameter* find_parameter(const Workload& workload, std::string_view name) {
    const auto found = std::ranges::find(workload.parameters, name, &Parameter::name);
    return found == workload.parameters.end() ? nullptr : &*found;
}

bool has_form(const Workload& workload, Form form) {
    return std::ranges::find(workload.forms, form) != workload.forms.end();
}

}  // namespace passbench

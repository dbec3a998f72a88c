#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 1 << 20, .items = 0}; }

}  // namespace

Workload fma_workload() {
    return {
        .name = "fma",
        .version = 1,
        .title = "Peak arithmetic: independent multiply-adds in registers",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                isa_parameter(),
                {.name = "precision",
                 .words = {"f32", "f64"},
                 .fallback = "f32",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "4-byte or 8-byte floating-point numbers"},
                threads_parameter(),
            },
        .metrics =
            {
                flops_metric(),
                wall_metric(),
                device_metric(),
                sm_clock_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::physical,
                 .formula = "own measured clock x FMA units x lanes x 2 x cores"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "clock measured in the kernel x multiply-adds a cycle and SM x 2 x SMs"},
            },
        .measures =
            "The arithmetic that the processor can do at all, which percentages of other workloads refer to. One "
            "operation is "
            "2^20 floating-point operations on one thread, and all threads do equally many; a fused multiply-add "
            "counts as "
            "two, and so do the separate multiply and add of sse2. Two threads of one core share its units.",
        .check =
            "Every accumulator bit for bit with the closed form of its recurrence, whose numbers are whole and so "
            "small that "
            "each step is exact.",
        .cpu_form =
            "Own loops with enough independent accumulators to hide the latency; sse2 multiplies and adds, avx2 and "
            "avx512 fuse. No library.",
        .sensitivity = "None: a control that shows whether two arms had the same clock.",
        .sources = "Agner Fog, instruction tables (latencies, units).",
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/tables.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 1 << 20, .items = 0}; }

}  // namespace

Workload fma_workload() {
    return {
        .name = "fma",
        .version = 1,
        .title = "Peak arithmetic: independent multiply-adds in registers, by instruction set",
        .forms = {Form::cpu},
        .parameters =
            {
                isa_parameter(),
                {.name = "precision",
                 .words = {"f32", "f64"},
                 .fallback = "f32",
                 .meaning = "4-byte or 8-byte floating-point numbers"},
                threads_parameter(),
            },
        .metrics =
            {
                {.name = "flops",
                 .unit = "FLOP/s",
                 .direction = Direction::higher,
                 .kind = MetricKind::rate,
                 .column = "wall_ns",
                 .per_time = &Work::flops},
                {.name = "wall",
                 .unit = "ns",
                 .direction = Direction::lower,
                 .kind = MetricKind::time,
                 .column = "wall_ns"},
            },
        .limit = LimitKind::physical,
        .limit_formula = "own measured clock x FMA units x lanes x 2 x threads",
        .measures =
            "The arithmetic that the processor can do at all, which percentages of other workloads refer to. One "
            "operation is "
            "2^20 floating-point operations, shared among the threads; a fused multiply-add counts as two, and so do "
            "the "
            "separate multiply and add of sse2.",
        .check =
            "Every accumulator is compared with the same recurrence done in scalar code, within 1e-5 (f32) or 1e-12 "
            "(f64) "
            "relative.",
        .cpu_form =
            "Own loops with enough independent accumulators to hide the latency; sse2 multiplies and adds, avx2 and "
            "avx512 fuse. No library.",
        .sensitivity = "None: a control that shows whether two arms had the same clock.",
        .sources = "Agner Fog, instruction tables (latencies, units).",
        .work = &work,
    };
}

}  // namespace passbench

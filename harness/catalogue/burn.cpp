#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 1 << 18, .items = 0}; }

}  // namespace

Workload burn_workload() {
    return {
        .name = "burn",
        .version = 1,
        .title = "Burn: the heaviest arithmetic for minutes, its results and its drift",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "seconds",
                 .unit = "s",
                 .low = 0,
                 .high = 3'000,
                 .fallback = std::int64_t{60},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 0,
                 .tested = {0},
                 .meaning = "how long it goes on before the timed iterations; at least 8 pieces of work"},
                {.name = "precision",
                 .words = {"f32", "f16"},
                 .fallback = "f32",
                 .forms = {Form::cuda},
                 .meaning = "f32: multiply-adds of the lanes; f16: products of the tensor cores, summed in f32"},
                threads_parameter(),
                isa_parameter(),
            },
        .metrics =
            {
                flops_metric(),
                {.name = "drift",
                 .unit = "ppm",
                 .direction = Direction::higher,
                 .kind = MetricKind::ratio,
                 .column = "drift_ppm"},
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
                 .formula = "clock measured in the kernel x multiply-adds a cycle and SM x 2 x SMs; none for f16"},
            },
        .measures =
            "What is left of the arithmetic after minutes of it, and whether it stays right. Each trial first works "
            "for "
            "`seconds`, in kernels of about a tenth of a second of which each is compared, and ends at the first wrong "
            "result. Drift is the rate over the last tenth of that time by the rate over the first; where the clock, "
            "read "
            "in the kernels, fell with it (burn.clock_first_hz, burn.clock_last_hz), the card throttled, and no "
            "passthrough did. Rates are of the timed iterations after it. One operation is 2^18 floating-point "
            "operations.",
        .check =
            "Every result bit for bit: of a card all results of each kernel there, a sixteenth of them each time and "
            "all "
            "at the end on the host, against sums of whole numbers; they are so small that every sum is exact in f32 "
            "in "
            "whatever order it is made.",
        .cpu_form = "The loops of fma in f32.",
        .sensitivity = "None: a control for power and heat.",
        .sources = "gpu-burn (sustained products of matrices, results compared).",
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const auto bytes = std::get<std::int64_t>(parameters.at("bytes"));
    return {.bytes = bytes, .flops = 0, .items = bytes / integer_bytes};
}

}  // namespace

Workload histogram_workload() {
    return {
        .name = "histogram",
        .version = 1,
        .title = "Histogram: how many of an array of 32-bit integers fall into each of 256 bins",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                integers_parameter(),
                {.name = "values",
                 .words = {"uniform", "skewed"},
                 .fallback = "uniform",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "uniform: all bins alike; skewed: three in five integers fall into one bin"},
                threads_parameter(),
            },
        .metrics =
            {
                bandwidth_metric(),
                wall_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula = "read bandwidth of the same trial; none where the array is under 4 x the last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "memory clock x 2 x bus width; none where the array is under 16 x the L2 cache"},
            },
        .measures =
            "256 bins of equal width over the range of an unsigned 32-bit integer. Each integer is read once: "
            "bandwidth = bytes / time. Every integer is one addition to memory, at best one a cycle and core, so one "
            "core of 4 GHz counts at most 16 GB/s however fast its memory is. The cuda form clears the counts, counts "
            "in the shared memory of each block, and adds the blocks' counts up by atomic additions; the counts stay "
            "on the device.",
        .check = "All counts, exactly, with those of the integers made anew from the seed.",
        .cpu_form =
            "Plain code, several tables a thread in turn, so that no count waits for the one before; own, no library.",
        .sensitivity = "GPU-PV: small arrays, for two operations and a wait are submitted. Large arrays: none.",
        .sources = "CUB, DeviceHistogram (benchmarks over data of lower entropy).",
        .work = &work,
    };
}

}  // namespace passbench

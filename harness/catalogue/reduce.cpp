#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const auto bytes = std::get<std::int64_t>(parameters.at("bytes"));
    return {.bytes = bytes, .flops = 0, .items = bytes / integer_bytes};
}

}  // namespace

Workload reduce_workload() {
    return {
        .name = "reduce",
        .version = 1,
        .title = "Reduction: the sum of an array of 32-bit integers",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                integers_parameter(),
                threads_parameter(),
                isa_parameter(),
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
            "The sum of unsigned 32-bit integers in 64 bits. The cuda form is two kernels that depend on each other, a "
            "sum for each "
            "block and the sum of those, and the copy of the result (8 bytes) to the host: whoever asks for a sum "
            "waits for it, so "
            "all three are in both times. The host's inputs are on the device before. Each integer is read once: "
            "bandwidth = bytes / time.",
        .check = "The sum, bit for bit with that of the integers made anew from the seed.",
        .cpu_form =
            "Own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads, a share each; no library.",
        .sensitivity =
            "GPU-PV: small arrays, for each of two launches, a copy and a wait is submitted to the host. DDA: the "
            "wake-up. Large arrays: none.",
        .sources = "Harris, Optimizing Parallel Reduction in CUDA.",
        .work = &work,
    };
}

}  // namespace passbench

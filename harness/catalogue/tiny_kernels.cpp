#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    return {.bytes = 0, .flops = std::get<std::int64_t>(parameters.at("elements")), .items = 1};
}

}  // namespace

Workload tiny_kernels_workload() {
    return {
        .name = "tiny-kernels",
        .version = 1,
        .title = "Many tiny kernels, each of which needs the one before",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "kernels",
                 .low = 1,
                 .high = 4096,
                 .fallback = std::int64_t{256},
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {1, 6, 9},
                 .meaning = "in a row, before the wait"},
                {.name = "elements",
                 .low = 32,
                 .high = 65'536,
                 .fallback = std::int64_t{4096},
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {1001, 100, 33},
                 .meaning = "of the vector that each kernel goes over once"},
                threads_parameter(),
                isa_parameter(),
            },
        .metrics =
            {
                wall_metric(),
                flops_metric(),
                device_metric(),
                transfers_metric(),
            },
        .limits = {{.form = Form::cpu, .kind = LimitKind::none}, {.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "What a program pays that does its work in many small steps: time per kernel, from before the first launch "
            "until "
            "the host knows that the last one has ended. Each takes its vector from the one before, by one subtraction "
            "an "
            "element, so none can begin early. On a CPU a step is a loop; several threads meet after each, and one "
            "alone is "
            "often faster.",
        .check =
            "Every element, bit for bit, with the closed form of the steps; all numbers are whole and small, so each "
            "step is "
            "exact.",
        .cpu_form = "Own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads; no library.",
        .sensitivity =
            "GPU-PV: strong, for submissions cross the VM bus; NVIDIA names this the class in which WSL2 loses. DDA: "
            "some.",
        .sources = "NVIDIA, Leveling up CUDA performance on WSL2.",
        .work = &work,
    };
}

}  // namespace passbench

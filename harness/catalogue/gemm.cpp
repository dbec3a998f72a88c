#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const auto n = std::get<std::int64_t>(parameters.at("n"));
    return {.bytes = 0, .flops = 2 * n * n * n, .items = 0};
}

}  // namespace

Workload gemm_workload() {
    return {
        .name = "gemm",
        .version = 1,
        .title = "Matrix product of square matrices, by libraries and by own kernels",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "precision",
                 .words = {"f32", "tf32", "f16", "bf16", "int8"},
                 .fallback = "f32",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "of the inputs; f32, tf32, f16 and bf16 add up in f32 and give f32, int8 gives 32-bit "
                            "integers; cuda: all but f32 use tensor cores, tf32 and bf16 need capability 8.0"},
                {.name = "n",
                 .low = 16,
                 .high = 8192,
                 .fallback = std::int64_t{1024},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 128,
                 .tested = {67, 16, 133},
                 .meaning = "rows and columns of each matrix"},
                {.name = "by",
                 .words = {"library", "own"},
                 .fallback = "library",
                 .forms = {Form::cuda},
                 .meaning = "cuBLASLt, or an own kernel that needs no library"},
                {.name = "library",
                 .words = {"best", "onednn", "openblas"},
                 .fallback = "best",
                 .meaning = "best: the faster one on this CPU, found before the timing; int8 has oneDNN alone"},
                threads_parameter(),
            },
        .metrics =
            {
                flops_metric(),
                wall_metric(),
                device_metric(),
                transfers_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula =
                     "f32 multiply-adds in registers, measured in the same trial by the same threads; none where "
                     "f16, bf16 or int8 have instructions of their own"},
                {.form = Form::cuda,
                 .kind = LimitKind::measured,
                 .formula = "clock measured in the same trial x operations a cycle and SM x SMs"},
            },
        .measures =
            "C = A B of n x n matrices, 2 n^3 operations, those of int8 counted alike. A and C lie row by row, B "
            "column "
            "by column. Small sizes are bound by the launch (cuda) or by the start of the threads (cpu); the curve "
            "over n "
            "shows where that ends.",
        .check =
            "Every element, exactly: inputs are whole numbers from -8 to 7, which every precision holds and of which "
            "no "
            "sum leaves 2^19, so results do not depend on the order of the additions. Each must be a whole number, and "
            "C x = A (B x) must hold for a vector x of random 64-bit numbers modulo 2^64 (Freivalds; a wrong row "
            "passes "
            "with a probability of 2^-42); 64 elements are compared with their own dot product too. Such inputs switch "
            "fewer wires than random ones, so that a card that is held by its power may be a little faster on them.",
        .cpu_form =
            "oneDNN (matmul, sgemm) or OpenBLAS (sgemm) of the bundle, loaded at run time; all ways are tried before "
            "the "
            "timing, on at most 1024 x 1024, and the record says which library, version and code was taken. A CPU "
            "multiplies tf32 as f32. Where it has no instructions for f16 or bf16, and few have, the timed work first "
            "makes the inputs floats.",
        .sensitivity = "None where n is large. Small ones inherit what a launch costs: DDA a little, GPU-PV strongly.",
        .sources =
            "Freivalds, Probabilistic machines can use less running time, 1977; cuBLAS, oneDNN and OpenBLAS "
            "documentation.",
        .work = &work,
    };
}

}  // namespace passbench

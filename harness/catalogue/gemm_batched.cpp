#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const auto n = std::get<std::int64_t>(parameters.at("n"));
    const auto batch = std::get<std::int64_t>(parameters.at("batch"));
    return {.bytes = 0, .flops = 2 * n * n * n * batch, .items = 0};
}

}  // namespace

Workload gemm_batched_workload() {
    return {
        .name = "gemm-batched",
        .version = 1,
        .title = "Many small matrix products at once",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "batch",
                 .low = 1,
                 .high = 65'536,
                 .fallback = std::int64_t{1024},
                 .forms = {Form::cpu, Form::cuda},
                 .small = 64,
                 .tested = {33, 7, 5},
                 .meaning = "products at once"},
                {.name = "n",
                 .low = 4,
                 .high = 64,
                 .fallback = std::int64_t{32},
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {5, 19, 37},
                 .meaning = "rows and columns of each matrix"},
                {.name = "by",
                 .words = {"library", "own"},
                 .fallback = "library",
                 .forms = {Form::cuda},
                 .meaning = "cuBLASLt, or an own kernel that needs no library"},
                {.name = "library",
                 .words = {"best", "own", "onednn", "openblas"},
                 .fallback = "best",
                 .meaning =
                     "own loops, oneDNN in one call, or OpenBLAS in a call each; best: the fastest of those that are "
                     "here, found before the timing"},
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
                     "f32 multiply-adds in registers, measured in the same trial by the same threads; read bandwidth "
                     "x FLOP a byte where that is less and all matrices together are over 4 x the last-level cache"},
                {.form = Form::cuda, .kind = LimitKind::none},
            },
        .measures =
            "C = A B of small f32 matrices, n x n, 2 n^3 operations each, that lie one behind the other. One operation "
            "is "
            "the whole batch, which a device gets in one launch: the smaller it is, the more of the time is the "
            "launch.",
        .check =
            "Every element, exactly, as for gemm: whole numbers from -8 to 7, and C x = A (B x) for a vector of random "
            "64-bit numbers modulo 2^64.",
        .cpu_form =
            "Own loops with SSE2, AVX2 and AVX-512 intrinsics that keep a part of the product in registers, oneDNN's "
            "batched "
            "matmul, and OpenBLAS's sgemm once for each product by each of our threads; the fastest is taken.",
        .sensitivity = "GPU-PV: strong for small batches, which are little more than a launch. DDA: some.",
        .sources = "cuBLAS, oneDNN and OpenBLAS documentation.",
        .work = &work,
    };
}

}  // namespace passbench

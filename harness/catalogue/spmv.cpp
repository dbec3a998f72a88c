#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

/// What has to pass through memory: the matrix, and both vectors once. With duplicates in x's lines a random matrix moves more.
Work work(const Parameters& parameters) {
    const auto rows = std::get<std::int64_t>(parameters.at("rows"));
    const std::int64_t nonzeros = rows * std::get<std::int64_t>(parameters.at("nonzeros"));
    constexpr std::int64_t index_bytes = 4;
    const std::int64_t value_bytes = std::get<std::string>(parameters.at("precision")) == "f32" ? 4 : 8;
    constexpr std::int64_t vectors = 2;
    return {.bytes = nonzeros * (index_bytes + value_bytes) + (rows + 1) * index_bytes + vectors * rows * value_bytes,
            .flops = 2 * nonzeros,
            .items = 0};
}

}  // namespace

Workload spmv_workload() {
    return {
        .name = "spmv",
        .version = 1,
        .title = "Sparse matrix times vector, rows compressed (CSR)",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "matrix",
                 .words = {"banded", "powerlaw"},
                 .fallback = "banded",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "banded: rows of one length about the diagonal; powerlaw: each doubling of the length "
                            "has half the rows, columns anywhere"},
                {.name = "rows",
                 .low = 512,
                 .high = 1 << 22,
                 .fallback = std::int64_t{1} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .small = 1 << 10,
                 .tested = {1009, 777, 1500},
                 .meaning = "rows, and columns, of the matrix"},
                {.name = "nonzeros",
                 .low = 1,
                 .high = 256,
                 .fallback = std::int64_t{32},
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {7, 33, 1},
                 .meaning = "elements of a row that are stored, in the mean over all rows"},
                {.name = "precision",
                 .words = {"f32", "f64"},
                 .fallback = "f64",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "4-byte or 8-byte floating-point numbers; indices have 4 bytes"},
                threads_parameter(),
                isa_parameter(),
            },
        .metrics =
            {
                bandwidth_metric(),
                flops_metric(),
                wall_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula = "read bandwidth of the same trial; none where the matrix is under 4 x the last-level "
                            "cache, or where matrix = powerlaw and the vector does not fit into half of it"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "memory clock x 2 x bus width; none where the matrix is under 16 x the L2 cache"},
            },
        .measures =
            "y = A x with 4-byte indices. Bytes are what has to move: matrix and vectors once. Of a banded matrix the "
            "lines of x are all used; a powerlaw one reads elements of x anywhere, and where x does not fit into a "
            "cache each of them is a line, of which 4 or 8 bytes are used. The matrix and x are on the device "
            "before, y stays there. The cuda form gives each row the threads that its mean length can use: one, or a "
            "power of two up to a warp of 32.",
        .check =
            "All elements of y, bit for bit: values and x are whole numbers from 1 to 16 and no row has more than "
            "65,536 elements, so every sum is exact in whatever order it is made.",
        .cpu_form =
            "Own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads, each with as many stored "
            "elements as the others; no library.",
        .sensitivity =
            "A control: neither DDA nor GPU-PV touches it. powerlaw at large sizes shows how the device's memory is "
            "mapped.",
        .sources =
            "Bell and Garland, Implementing Sparse Matrix-Vector Multiplication on Throughput-Oriented Processors "
            "(2009).",
        .work = &work,
    };
}

}  // namespace passbench

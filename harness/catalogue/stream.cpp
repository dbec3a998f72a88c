#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

/// What McCalpin's STREAM counts for one element of an array: the arrays it reads and writes, and its arithmetic.
struct PerElement {
    std::int64_t arrays;
    std::int64_t flops;
};

PerElement per_element(std::string_view op) {
    if (op == "copy") return {.arrays = 2, .flops = 0};
    if (op == "scale") return {.arrays = 2, .flops = 1};
    if (op == "add") return {.arrays = 3, .flops = 1};
    if (op == "triad") return {.arrays = 3, .flops = 2};
    return {.arrays = 2, .flops = 2};  // dot
}

Work work(const Parameters& parameters) {
    const auto bytes = std::get<std::int64_t>(parameters.at("bytes"));
    const auto [arrays, flops] = per_element(std::get<std::string>(parameters.at("op")));
    constexpr std::int64_t bytes_of_double = 8;
    return {.bytes = arrays * bytes, .flops = flops * (bytes / bytes_of_double), .items = 0};
}

}  // namespace

Workload stream_workload() {
    return {
        .name = "stream",
        .version = 1,
        .title = "Memory bandwidth: copy, scale, add, triad and dot over large arrays",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "op",
                 .words = {"copy", "scale", "add", "triad", "dot"},
                 .fallback = "triad",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "copy c=a; scale b=s*c; add c=a+b; triad a=b+s*c; dot sum of a*b"},
                {.name = "stores",
                 .words = {"plain", "nontemporal"},
                 .fallback = "plain",
                 .only_where = Condition{.parameter = "op", .words = {"copy", "scale", "add", "triad"}},
                 .meaning = "nontemporal stores go past the caches and read no line before it is overwritten"},
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{4} << 30,
                 .multiple_of = 8,
                 .fallback = std::int64_t{256} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4096 + 8, 5000, 65'536 - 8},
                 .meaning = "size of one array of 8-byte doubles"},
                {.name = "cache",
                 .words = {"hot", "cold"},
                 .fallback = "hot",
                 .forms = {Form::cuda},
                 .meaning = "cold: the device's L2 cache is overwritten before each iteration"},
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
                 .formula = "read bandwidth of the same trial; none where all arrays together are under 4 x the "
                            "last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "memory clock x 2 x bus width; none where all arrays together are under 16 x the L2 cache"},
            },
        .measures =
            "The rate at which long arrays pass through the processor. Bytes are counted as STREAM does: each array "
            "that "
            "the formula reads or writes once (copy, scale and dot 2 x bytes, add and triad 3 x bytes). A plain store "
            "first reads the line that it overwrites, which is not counted, so plain stores reach at most 2/3 (copy, "
            "scale) or 3/4 (add, triad) of what nontemporal ones do.",
        .check =
            "All elements of the result, or the sum of dot, bit for bit with what the seed alone says: the inputs are "
            "whole "
            "numbers and so small that every result is exact in whatever order it is made.",
        .cpu_form = "Own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads; no library.",
        .sensitivity =
            "A control: memory of a guest is as fast under DDA and GPU-PV, provided that it is as large and as "
            "huge-paged.",
        .sources = "McCalpin, STREAM (counting rules); BabelStream (dot).",
        .work = &work,
    };
}

}  // namespace passbench

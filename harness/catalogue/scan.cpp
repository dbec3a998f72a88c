#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const auto bytes = std::get<std::int64_t>(parameters.at("bytes"));
    constexpr std::int64_t bytes_of_sum = 8;
    const std::int64_t count = bytes / integer_bytes;
    return {.bytes = bytes + count * bytes_of_sum, .flops = 0, .items = count};
}

}  // namespace

Workload scan_workload() {
    return {
        .name = "scan",
        .version = 1,
        .title = "Scan: all prefix sums of an array of 32-bit integers",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                integers_parameter(),
                {.name = "stores",
                 .words = {"plain", "nontemporal"},
                 .fallback = "nontemporal",
                 .meaning = "nontemporal stores go past the caches and read no line before it is overwritten"},
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
                 .formula =
                     "read bandwidth of the same trial; none where both arrays are under 4 x the last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "memory clock x 2 x bus width; none where both arrays are under 16 x the L2 cache"},
            },
        .measures =
            "Inclusive prefix sums of unsigned 32-bit integers, in 64 bits: out[i] = x[0] + ... + x[i]. Each array "
            "passes through memory once, so bandwidth = 3 x bytes / time. The cuda form clears the states of its "
            "tiles and then scans in one pass, in which a tile looks back at those before it; the sums stay on "
            "the device, where the next kernel wants them.",
        .check = "All sums, bit for bit with those of the integers made anew from the seed.",
        .cpu_form =
            "Own loops with SSE2, AVX2 and AVX-512 intrinsics that scan within registers. The threads take chunks in "
            "turn: each sums its chunk, which brings it into its cache, takes over the sum of all chunks before and "
            "scans from the cache. No library.",
        .sensitivity = "GPU-PV: small arrays, for two operations and a wait are submitted. Large arrays: none.",
        .sources =
            "Merrill and Garland, Single-pass Parallel Prefix Scan with Decoupled Look-back (2016); Yan, Long and "
            "Zhang, StreamScan (2013), for the chain of chunks.",
        .work = &work,
    };
}

}  // namespace passbench

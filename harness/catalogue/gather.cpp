#include <algorithm>

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

constexpr std::int64_t most_gathers = 1 << 24;

/// A load is an index of 4 bytes, an element and a result of 8 each.
Work work(const Parameters& parameters) {
    constexpr std::int64_t element_bytes = 8;
    constexpr std::int64_t index_bytes = 4;
    const std::int64_t elements = std::get<std::int64_t>(parameters.at("bytes")) / element_bytes;
    const std::int64_t loads = std::min(elements, most_gathers);
    return {.bytes = loads * (index_bytes + 2 * element_bytes), .flops = 0, .items = loads};
}

}  // namespace

Workload gather_workload() {
    return {
        .name = "gather",
        .version = 1,
        .title = "Gather: 8-byte elements of a table, at random or in order",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{4} << 30,
                 .multiple_of = 8,
                 .fallback = std::int64_t{256} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4096 + 8, 20'008, 66'536},
                 .meaning = "size of the table; as many loads as it has elements, at most 2^24"},
                {.name = "pattern",
                 .words = {"random", "sequential"},
                 .fallback = "random",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "which elements the indices name: any, or one after the other from the first on"},
                threads_parameter(),
                isa_parameter(),
            },
        .metrics =
            {
                {.name = "gathers",
                 .unit = "gathers/s",
                 .direction = Direction::higher,
                 .kind = MetricKind::rate,
                 .column = "wall_ns",
                 .per_time = &Work::items},
                bandwidth_metric(),
                wall_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula = "read bandwidth of the same trial x line use: 20 bytes of 76 where pattern = random, for "
                            "an element is a line of 64; none where what is touched is under 4 x the last-level "
                            "cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "memory clock x 2 x bus width x sector use: 20 bytes of 42 where pattern = random, for 15 "
                            "of 16 elements are a sector of 32; none where what is touched is under 16 x the L2 "
                            "cache"},
            },
        .measures =
            "out[i] = table[index[i]] with 4-byte indices. Random loads over a table far larger than all caches are "
            "bound by the latency of memory and of its page tables; beside sequential ones, and over sizes, they show "
            "whether a guest's memory is mapped by large pages. Bytes are those that are used: index, element and "
            "result, 20 a load.",
        .check = "All results, bit for bit with the elements made anew from the seed.",
        .cpu_form =
            "Own loops with SSE2 loads, AVX2 and AVX-512 gathers on the harness's threads; no library. The table is "
            "asked to be huge pages.",
        .sensitivity =
            "A control for large pages: the cuda form does not react where the device's memory is mapped alike; the "
            "cpu form shows nested page tables of the guest.",
        .sources = "Spatter (Lavin et al., 2020); HPC Challenge, RandomAccess.",
        .work = &work,
    };
}

}  // namespace passbench

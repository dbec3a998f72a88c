#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    const std::int64_t keys = std::get<std::int64_t>(parameters.at("bytes")) / integer_bytes;
    return {.bytes = 0, .flops = 0, .items = keys};
}

}  // namespace

Workload sort_workload() {
    Parameter keys = integers_parameter();
    keys.tested.back() = 135'172;  // so many that the stand-in's blocks have several tiles each
    return {
        .name = "sort",
        .version = 1,
        .title = "Radix sort of an array of 32-bit integers",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                keys,
                {.name = "stores",
                 .words = {"plain", "nontemporal"},
                 .fallback = "nontemporal",
                 .meaning = "how the pass through memory writes; nontemporal stores go past the caches"},
                threads_parameter(),
            },
        .metrics =
            {
                {.name = "keys",
                 .unit = "keys/s",
                 .direction = Direction::higher,
                 .kind = MetricKind::rate,
                 .column = "wall_ns",
                 .per_time = &Work::items},
                wall_metric(),
                device_metric(),
            },
        .limits = {{.form = Form::cpu, .kind = LimitKind::none}, {.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "Unsigned 32-bit keys without values, from one array to another; the input is kept. The cuda form sorts by "
            "8 bits at a time from the lowest on (LSD): four times three dependent kernels (count the digits of each "
            "block, add them up, move the keys); the keys stay on the device. There is no limit to compare with: how "
            "often keys pass through memory depends on the algorithm (12 bytes a key and pass in the cuda form).",
        .check =
            "Every key, bit for bit: the k-th key in order is a function of the seed and k, and the input is these "
            "keys at places that a permutation of the seed gives, so no other sort is needed to know the result.",
        .cpu_form =
            "Plain code: one pass through memory by the highest 8 bits, with a line of each destination gathered "
            "before it is written; then each thread takes whole parts and sorts them by the lower 24 bits within its "
            "cache. Own, no library.",
        .sensitivity = "GPU-PV: small arrays, for twelve launches are submitted. Large arrays: little.",
        .sources =
            "Satish et al., Fast Sort on CPUs and GPUs (2010), for gathering lines; Merrill and Grimshaw, High "
            "Performance and Scalable Radix Sorting (2011).",
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& parameters) {
    return {.bytes = std::get<std::int64_t>(parameters.at("bytes")), .flops = 0, .items = 0};
}

}  // namespace

Workload host_read_workload() {
    return {
        .name = "host-read",
        .version = 1,
        .title = "Streaming reads of the host's memory, from the device without a copy",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{1} << 30,
                 .multiple_of = 16,
                 .fallback = std::int64_t{256} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4096 + 16, 100'048},
                 .meaning = "footprint: all of it is read once an operation"},
                pages_parameter(),
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
                 .formula = "the best of several passes of the same trial; none where the footprint is under 4 x the "
                            "last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "transfers a second x lanes x coding of the card's PCIe link; none where this machine does "
                            "not show it"},
            },
        .measures =
            "The rate at which kernels read mapped memory of the host and add it up, never answered by the device's "
            "caches: what zero-copy code gets. As a cpu case the rate at which the processor reads the same memory.",
        .check = "The sum of all numbers, which are whole and so small that it is exact in whatever order it is made.",
        .cpu_form = "Own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads; no library.",
        .sensitivity = "DDA and GPU-PV: every read crosses the IOMMU; large footprints show its TLB. See host-chase.",
        .sources = "CUDA C++ programming guide, mapped memory; nvbandwidth (host to device by SM).",
        .line = LineFit{.model = LineModel::alpha_beta, .parameter = "bytes", .metric = "wall"},
        .has_speed_up = false,  // the forms move or hand over other things
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 0, .items = 1}; }

}  // namespace

Parameter pages_parameter() {
    return {.name = "pages",
            .words = {"huge", "small"},
            .fallback = "huge",
            .meaning = "of the memory: 2 MiB or 4 KiB; skipped where the system does not give what is asked for"};
}

Workload host_chase_workload() {
    return {
        .name = "host-chase",
        .version = 1,
        .title = "Latency of the host's memory: a chase from pointer to pointer",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{1} << 30,
                 .multiple_of = 128,
                 .fallback = std::int64_t{256} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4096 + 128, 100'096},
                 .meaning = "footprint: the memory that the chain goes through, a node every 128 bytes"},
                pages_parameter(),
            },
        .metrics =
            {
                wall_metric(),
                device_metric(),
            },
        .limits = {{.form = Form::cpu, .kind = LimitKind::none}, {.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "The time of one hop, where each address is only known when the one before has arrived, in an order that "
            "no "
            "prefetcher foresees; one thread. An iteration goes on where the one before stopped, so that footprints "
            "are "
            "really walked through. As a cuda case each hop crosses the link to mapped memory of the host and is never "
            "answered by the device's caches; over footprints the time has a knee where translations no longer fit "
            "into "
            "the TLBs of the device or of the IOMMU. As a cpu case the knees are those of the caches and of the "
            "processor's TLB, which pages = huge moves.",
        .check =
            "After all hops the chase stands exactly where the seed says; one hop too few or astray would be "
            "elsewhere.",
        .cpu_form = "A loop of dependent loads; no library.",
        .sensitivity =
            "DDA and GPU-PV: strong. Every load crosses the IOMMU, whose TLB shows as a knee at a smaller footprint "
            "than "
            "native; small pages in the guest or the host's tables make it worse.",
        .sources = "lmbench (McVoy and Staelin 1996); PTX ISA, ld.cv (what is fetched anew).",
        .has_speed_up = false,  // the forms move or hand over other things
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

/// The C library chooses its instructions by itself.
Parameter isa_of_own_loops() {
    Parameter isa = isa_parameter();
    isa.only_where = Condition{.parameter = "method", .words = {"plain", "nontemporal"}};
    return isa;
}

Work work(const Parameters& parameters) {
    return {.bytes = std::get<std::int64_t>(parameters.at("bytes")), .flops = 0, .items = 0};
}

}  // namespace

Workload copy_workload() {
    return {
        .name = "copy",
        .version = 2,  // 2: queues, copies by a kernel, write-combined and mapped memory
        .title = "Copies from one buffer to another, or between host and device",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "bytes",
                 .unit = "B",
                 .low = 4,
                 .high = std::int64_t{1} << 30,
                 .fallback = std::int64_t{64} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4, 4097, 4103, 100'003},
                 .meaning = "payload: how much one copy moves"},
                {.name = "method",
                 .words = {"memcpy", "plain", "nontemporal"},
                 .fallback = "memcpy",
                 .meaning = "the C library's memcpy, or own vector loops with plain or nontemporal stores"},
                {.name = "direction",
                 .words = {"h2d", "d2h"},
                 .fallback = "h2d",
                 .forms = {Form::cuda},
                 .meaning = "from the host to the device, or back"},
                {.name = "host",
                 .words = {"pinned", "pageable", "write-combined", "mapped"},
                 .fallback = "pinned",
                 .forms = {Form::cuda},
                 .meaning = "the host's memory: page-locked, so that the card copies by itself; as malloc gives it; "
                            "page-locked "
                            "and written past the host's caches; page-locked and mapped for kernels"},
                {.name = "queue",
                 .words = {"single", "queued"},
                 .fallback = "single",
                 .forms = {Form::cuda},
                 .meaning =
                     "one copy and the wait for it, or up to 64 in a row on one stream (as many as 64 MiB have, at "
                     "least "
                     "2), each with its own place as far as 1 MiB goes, and one wait; times are those of one copy"},
                {.name = "by",
                 .words = {"engine", "kernel"},
                 .fallback = "engine",
                 .forms = {Form::cuda},
                 .only_where = Condition{.parameter = "host", .words = {"mapped"}},
                 .meaning = "who copies: the card's copy engine, or a kernel that reads or writes the host's memory"},
                threads_parameter(),
                isa_of_own_loops(),
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
                 .formula = "read bandwidth of the same trial / 2; none where both buffers together are under 4 x the "
                            "last-level cache"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula = "transfers a second x lanes x coding of the card's PCIe link; none where this machine does "
                            "not show it"},
            },
        .measures =
            "The time of one copy and its rate. The payload counts once: bandwidth = bytes copied / time, as for a "
            "transfer "
            "over a link, so that host and device copies can be held side by side. Memory carries each byte twice, "
            "once "
            "read and once written, hence a limit of half the read bandwidth (stream counts both). Over several sizes: "
            "alpha is what a copy costs before its first byte, beta the rate of the bytes. A queue hides most of "
            "alpha, "
            "so its alpha is what handing over one more copy costs.",
        .check =
            "Every byte of the target is compared with a seeded pattern; the target holds another pattern before. What "
            "the host shall get in write-combined memory is read there by the processor.",
        .cpu_form =
            "memcpy of the C library, and own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads.",
        .sensitivity =
            "GPU-PV: alpha strongly, beta little; pageable memory is staged by the guest's processor. DDA: beta a "
            "little "
            "(IOMMU, no huge pages). As a cpu case a control.",
        .sources =
            "nvbandwidth (patterns filled before, contents compared after each copy; by kernel and by engine); "
            "Hockney, "
            "Parallel Computing 20, 1994 (the line, n(1/2)).",
        .line = LineFit{.model = LineModel::alpha_beta, .parameter = "bytes", .metric = "wall"},
        .has_speed_up = false,  // the forms move or hand over other things
        .work = &work,
    };
}

}  // namespace passbench

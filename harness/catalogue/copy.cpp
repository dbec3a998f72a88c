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
        .version = 1,
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
                 .words = {"pinned", "pageable"},
                 .fallback = "pinned",
                 .forms = {Form::cuda},
                 .meaning = "the host's memory: page-locked, so that the card copies by itself, or as malloc gives it"},
                threads_parameter(),
                isa_of_own_loops(),
            },
        .metrics =
            {
                {.name = "bandwidth",
                 .unit = "B/s",
                 .direction = Direction::higher,
                 .kind = MetricKind::rate,
                 .column = "wall_ns",
                 .per_time = &Work::bytes},
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
            "read and once written, hence a limit of half the read bandwidth (stream counts both).",
        .check = "Every byte of the target is compared with a seeded pattern; the target holds another pattern before.",
        .cpu_form =
            "memcpy of the C library, and own loops with SSE2, AVX2 and AVX-512 intrinsics on the harness's threads.",
        .sensitivity = "A control as a cpu case; small sizes show what a call costs beside what a byte costs.",
        .sources = "nvbandwidth (patterns filled before, contents compared after each copy).",
        .line = LineFit{.model = LineModel::alpha_beta, .parameter = "bytes", .metric = "wall"},
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

/// Both copies, or the one beside the arithmetic.
Work work(const Parameters& parameters) {
    const std::int64_t copies = std::get<std::string>(parameters.at("with")) == "copy" ? 2 : 1;
    return {.bytes = copies * std::get<std::int64_t>(parameters.at("bytes")), .flops = 0, .items = 0};
}

}  // namespace

Workload duplex_workload() {
    return {
        .name = "duplex",
        .version = 1,
        .title = "Two things at once: copies both ways, or a copy beside arithmetic",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{1} << 30,
                 .fallback = std::int64_t{64} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .tested = {4097, 100'003},
                 .meaning = "payload of each copy"},
                {.name = "with",
                 .words = {"copy", "compute"},
                 .fallback = "copy",
                 .forms = {Form::cpu, Form::cuda},
                 .meaning = "what goes on beside the copy: another one the other way, or arithmetic in registers that "
                            "takes about as long where the link carries 12 GB/s"},
                {.name = "direction",
                 .words = {"h2d", "d2h"},
                 .fallback = "h2d",
                 .forms = {Form::cuda},
                 .only_where = Condition{.parameter = "with", .words = {"compute"}},
                 .meaning = "of the copy beside arithmetic: from the host to the device, or back"},
            },
        .metrics =
            {
                bandwidth_metric(),
                wall_metric(),
                device_metric(),
                {.name = "overlap",
                 .unit = "",
                 .direction = Direction::higher,
                 .kind = MetricKind::ratio,
                 .column = "overlap_ppm",
                 .scale = 1e-6},
            },
        .limits =
            {
                {.form = Form::cpu,
                 .kind = LimitKind::measured,
                 .formula =
                     "two copies: read bandwidth of the same trial / 2, none where the buffers together are under "
                     "4 x the last-level cache; a copy beside arithmetic: none"},
                {.form = Form::cuda,
                 .kind = LimitKind::physical,
                 .formula =
                     "transfers a second x lanes x coding of the card's PCIe link, once for each direction in use; "
                     "none where this machine does not show it"},
            },
        .measures =
            "The total rate of what is copied, both ways added up, from pinned memory on two streams; and the overlap: "
            "(first alone + second alone - both) / the shorter one, each measured right after the sample, on the "
            "device "
            "where there is one. 100 % is both in the time of the longer one, 0 % one after the other; below 0 they "
            "hinder each other. Full duplex needs two copy engines, and credits and ordering of the link to match.",
        .check =
            "Every byte of both targets is compared with a seeded pattern, every result of the arithmetic with the "
            "closed "
            "form of its recurrence modulo 2^32.",
        .cpu_form =
            "Two threads: each copies its own buffers with memcpy of the C library, or one of them computes instead.",
        .sensitivity =
            "DDA and GPU-PV: some, by ordering and flow control in the IOMMU, and where submissions of two streams are "
            "queued one behind the other.",
        .sources = "nvbandwidth (bidirectional copies; 18.6 GB/s each way on a link of 26 in its README).",
        .has_speed_up = false,  // the forms move or hand over other things
        .work = &work,
    };
}

}  // namespace passbench

#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 8, .flops = 0, .items = 0}; }

}  // namespace

Workload managed_workload() {
    return {
        .name = "managed",
        .version = 1,
        .title = "Unified memory: pages that go to the side that touches them",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "op",
                 .words = {"touch", "prefetch", "back"},
                 .fallback = "touch",
                 .forms = {Form::cuda},
                 .meaning =
                     "touch: a kernel touches what the host has; prefetch: the same, asked for before; back: the "
                     "host touches what the device has"},
                {.name = "bytes",
                 .unit = "B",
                 .low = 4 << 10,
                 .high = std::int64_t{1} << 40,
                 .multiple_of = 8,
                 .words = {"share"},
                 .fallback = std::int64_t{64} << 20,
                 .forms = {Form::cpu, Form::cuda},
                 .small = 1 << 20,
                 .tested = {40'008, 300'008},
                 .meaning = "how much memory is shared; share: as much of what is free as the parameter share says"},
                {.name = "share",
                 .unit = "%",
                 .low = 1,
                 .high = 95,
                 .fallback = std::int64_t{50},
                 .forms = {Form::cpu, Form::cuda},
                 .only_where = Condition{.parameter = "bytes", .words = {"share"}},
                 .tested = {1},
                 .meaning =
                     "of the card's memory (cpu: this machine's) that is free; there is no more than that on purpose: "
                     "a guest that asks for more than there is can bring its host down"},
                {.name = "pages",
                 .words = {"small", "huge"},
                 .fallback = "small",
                 .meaning = "pages of 4 KiB, or of 2 MiB where the kernel gives them (memory.huge_fraction tells)"},
                threads_parameter(),
            },
        .metrics =
            {
                bandwidth_metric(),
                wall_metric(),
                device_metric(),
            },
        .limits =
            {
                {.form = Form::cpu, .kind = LimitKind::none},
                {.form = Form::cuda, .kind = LimitKind::physical, .formula = "raw rate of the PCIe link"},
            },
        .measures =
            "How fast pages of memory that host and device share come to the side that touches them; wall is for a "
            "word of "
            "8 bytes. Before each iteration all pages are put on the other side, untimed. Only where the device can "
            "use "
            "them beside the CPU (concurrentManagedAccess), which is not so under GPU-PV and WSL2: there it is "
            "skipped. In "
            "no scenario by itself.",
        .check =
            "All words, bit for bit: each holds what the seed says and one addition for each time that it was touched.",
        .cpu_form =
            "The page faults of plain memory: all pages are given back (madvise) and touched anew at their first and "
            "last "
            "word. No library.",
        .sensitivity = "None expected under DDA but for what remapping costs; not there under GPU-PV.",
        .sources = "NVIDIA, CUDA on WSL user guide (unified memory).",
        .work = &work,
    };
}

}  // namespace passbench

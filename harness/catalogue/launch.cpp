#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 0, .items = 1}; }

}  // namespace

Workload launch_workload() {
    return {
        .name = "launch",
        .version = 1,
        .title = "Hand a nearly empty kernel to the device and wait for it",
        .forms = {Form::cuda},
        .parameters =
            {
                {.name = "depth",
                 .low = 1,
                 .high = 1024,
                 .fallback = std::int64_t{1},
                 .forms = {Form::cuda},
                 .tested = {1, 7},
                 .meaning = "launches in a row before the wait"},
            },
        .metrics =
            {
                wall_metric(),
                {.name = "enqueue",
                 .unit = "ns",
                 .direction = Direction::lower,
                 .kind = MetricKind::time,
                 .column = "enqueue_ns",
                 .forms = {Form::cuda}},
                device_metric(),
            },
        .limits = {{.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "What a launch costs, per launch: wall from before the first call until the host knows that the last "
            "kernel has "
            "ended, enqueue until the last call has returned, device between two events around the launches. The "
            "kernel is one "
            "thread that adds one to a counter. `dispatch` is the processor's counterpart.",
        .check = "The device's counter has grown by exactly the number of launches.",
        .cpu_form = "None; compare with dispatch.",
        .sensitivity =
            "GPU-PV: strong, for submissions and waits may cross the VM bus. DDA: the wake-up by a remapped interrupt, "
            "little else.",
        .sources = "SuperBench kernel-launch (one mean of wall time); CUDA driver API, cuLaunchKernel.",
        .seeded = false,
        .work = &work,
    };
}

}  // namespace passbench

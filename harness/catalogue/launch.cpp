#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 0, .items = 1}; }

}  // namespace

Workload launch_workload() {
    return {
        .name = "launch",
        .version = 2,  // 2: a chosen way of waiting, and five stamps; enqueue is that of the first call
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
                {.name = "sync",
                 .words = {"spin", "yield", "block", "poll"},
                 .fallback = "spin",
                 .forms = {Form::cuda},
                 .meaning =
                     "how the host waits: in the driver, reading without pause, giving the processor away between two "
                     "looks, or asleep until an interrupt (the context's flags); or poll, by asking cuStreamQuery "
                     "again and again, as event loops do: it never sleeps, each question is a call, and the first one "
                     "hands over what a driver keeps back"},
            },
        .metrics =
            {
                wall_metric(),
                cuda_time_metric("calls", "calls_ns"),
                cuda_time_metric("enqueue", "enqueue_ns"),
                cuda_time_metric("submit_to_start", "submit_to_start_ns"),
                cuda_time_metric("run", "run_ns"),
                cuda_time_metric("finish_to_wake", "finish_to_wake_ns"),
                cuda_time_metric("stamped", "stamped_ns"),
                device_metric(),
            },
        .parts = {"enqueue", "submit_to_start", "run", "finish_to_wake"},
        .limits = {{.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "What a launch costs, per launch: wall from before the first call until the host knows that the last "
            "kernel has ended, calls until the last call has returned, device between two events around the launches. "
            "The kernel is one thread that adds one to a counter. A twin of each row of launches is stamped: the first "
            "call begins and returns (enqueue), the first kernel begins (submit_to_start), the last one ends (run), "
            "the "
            "host knows it (finish_to_wake); `stamped` is their sum. The kernels leave their times in mapped memory, "
            "which the last of them waits for, so stamped is a little more than wall: the remainder shows it. The "
            "clocks are compared by questions and answers with a running kernel before and after each sample; the "
            "error "
            "bound is told. Within one kernel run is counted in cycles. What is under 3 ticks of its clock is given as "
            "\"< x\". Where the device cannot answer through mapped memory there are no parts. `dispatch` is the "
            "processor's counterpart.",
        .check = "The device's counter has grown by exactly the number of launches.",
        .cpu_form = "None; compare with dispatch.",
        .sensitivity =
            "GPU-PV: strong, in submit_to_start and finish_to_wake, for submissions and waits may cross the VM bus. "
            "DDA: "
            "finish_to_wake where the host sleeps (a remapped interrupt), little else.",
        .sources =
            "SuperBench kernel-launch (one mean of wall time); CUDA driver API, cuLaunchKernel, "
            "cuDevicePrimaryCtxSetFlags; Cristian, Probabilistic clock synchronization, 1989.",
        .seeded = false,
        .work = &work,
    };
}

}  // namespace passbench

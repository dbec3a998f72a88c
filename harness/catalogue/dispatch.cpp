#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 0, .items = 1}; }

}  // namespace

Workload dispatch_workload() {
    return {
        .name = "dispatch",
        .version = 2,  // 2: a blocking thread always sleeps
        .title = "Hand a task to a waiting thread and get it back",
        .forms = {Form::cpu},
        .parameters =
            {
                {.name = "wait",
                 .words = {"spin", "block"},
                 .fallback = "block",
                 .meaning =
                     "how both threads wait: reading a flag without pause, or always asleep in the kernel (futex)"},
            },
        .metrics =
            {
                wall_metric(),
            },
        .limits = {{.form = Form::cpu, .kind = LimitKind::none}},
        .measures =
            "The round trip of an empty task: from before it is handed to a thread on another CPU until the caller "
            "knows that "
            "it is done. It is the processor's counterpart of a kernel launch, and what `launch` is compared with.",
        .check =
            "The other thread counts the tasks that it was handed and notes the last ticket; both have to agree "
            "exactly with "
            "what was handed out.",
        .cpu_form = "Two threads on two CPUs, one cache line each way; no library.",
        .sensitivity =
            "block: the wake-up of a virtual CPU is visible in any guest (an IPI may leave the guest). spin: none.",
        .sources = "futex(2).",
        .seeded = false,
        .work = &work,
    };
}

}  // namespace passbench

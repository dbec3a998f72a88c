#include "harness/catalogue/workload_rows.hpp"

namespace passbench {

namespace {

Work work(const Parameters& /*parameters*/) { return {.bytes = 0, .flops = 0, .items = 1}; }

}  // namespace

Workload event_workload() {
    return {
        .name = "event",
        .version = 1,
        .title = "Hand over from one stream, or thread, to another",
        .forms = {Form::cpu, Form::cuda},
        .parameters =
            {
                {.name = "op",
                 .words = {"record", "wait", "chain"},
                 .fallback = "wait",
                 .forms = {Form::cuda},
                 .meaning =
                     "record: a kernel, an event behind it, and the host waits for the event; wait: a kernel, and "
                     "a second stream waits for its event before a kernel of its own; chain: so on, `hops` times "
                     "to and fro between two streams, before the host waits"},
                {.name = "hops",
                 .low = 2,
                 .high = 1024,
                 .fallback = std::int64_t{64},
                 .forms = {Form::cuda},
                 .only_where = Condition{.parameter = "op", .words = {"chain"}},
                 .tested = {2, 7},
                 .meaning = "hand-overs of a chain"},
                {.name = "method",
                 .words = {"futex", "condition_variable"},
                 .fallback = "futex",
                 .meaning = "what a thread sleeps on until the other one has its turn"},
            },
        .metrics =
            {
                wall_metric(),
                cuda_time_metric("calls", "calls_ns"),
                device_metric(),
            },
        .limits = {{.form = Form::cpu, .kind = LimitKind::none}, {.form = Form::cuda, .kind = LimitKind::none}},
        .measures =
            "What one hand-over costs. Each is an event recorded behind a kernel of one thread and waited for, by the "
            "host (record) or by another stream (wait, chain), so a launch is a part of it: compare with launch. Per "
            "hand-over; the host waits once an iteration. calls is the time of the calls alone, device is between two "
            "events around all of it. On the processor two threads take turns, each asleep until the other wakes it.",
        .check =
            "Each turn adds one to a number that must be what all turns before have made of it, and the last one must "
            "have come; so one that came too early or never is seen.",
        .cpu_form = "Two threads on two CPUs: futex(2) itself, or std::condition_variable with its mutex; no library.",
        .sensitivity = "GPU-PV: strong, for fences are objects of the host. DDA: record, where the host sleeps.",
        .sources = "CUDA driver API, cuEventRecord, cuStreamWaitEvent; futex(2).",
        .seeded = false,
        .work = &work,
    };
}

}  // namespace passbench

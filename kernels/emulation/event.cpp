// Entry points for events. An event's time is the virtual one at which its stream came to it.
#include <utility>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

CUresult record(const char* name, CUevent event_handle, CUstream handle) {
    return context_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto event = driver().events.find(event_handle);
        const auto stream = find_stream(context, handle);
        if (!event || !stream) return CUDA_ERROR_INVALID_HANDLE;
        if (&event->context() != &stream->context()) return CUDA_ERROR_INVALID_HANDLE;
        return submit_record(context, *stream, event);
    });
}

CUresult elapsed(const char* name, float* milliseconds, CUevent start_handle, CUevent end_handle) {
    return context_call(name, cost_model.call_ns, [&](const Context& context) -> CUresult {
        if (milliseconds == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto start = driver().events.find(start_handle);
        const auto end = driver().events.find(end_handle);
        if (!start || !end) return CUDA_ERROR_INVALID_HANDLE;
        if (((start->flags() | end->flags()) & CU_EVENT_DISABLE_TIMING) != 0) return CUDA_ERROR_INVALID_HANDLE;
        const auto started = start->recorded();
        const auto ended = end->recorded();
        if (!started || !ended) return CUDA_ERROR_INVALID_HANDLE;
        if (!has_ended(*started) || !has_ended(*ended)) return CUDA_ERROR_NOT_READY;
        constexpr double ns_per_ms = 1e6;
        *milliseconds = static_cast<float>(static_cast<double>(ended->end_ns() - started->end_ns()) / ns_per_ms);
        return context.error();
    });
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuEventCreate(CUevent* event, unsigned int flags) {
    return context_call(__func__, cost_model.call_ns, [&](Context& context) {
        constexpr unsigned known = CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING;
        if (event == nullptr || (flags & ~known) != 0) return CUDA_ERROR_INVALID_VALUE;
        *event = driver().events.add(std::make_shared<Event>(context.shared_from_this(), flags));
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuEventDestroy_v2(CUevent event) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        return driver().events.remove(event) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
    });
}
#undef cuEventDestroy
PASSBENCH_DRIVER_API CUresult cuEventDestroy(CUevent event) { return cuEventDestroy_v2(event); }

PASSBENCH_DRIVER_API CUresult cuEventRecord(CUevent event, CUstream stream) { return record(__func__, event, stream); }
PASSBENCH_DRIVER_API CUresult cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned int flags) {
    if (flags != CU_EVENT_RECORD_DEFAULT) return CUDA_ERROR_INVALID_VALUE;
    return record(__func__, event, stream);
}

PASSBENCH_DRIVER_API CUresult cuEventQuery(CUevent handle) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& context) -> CUresult {
        const auto event = driver().events.find(handle);
        if (!event) return CUDA_ERROR_INVALID_HANDLE;
        if (event->captured()) return CUDA_ERROR_CAPTURED_EVENT;
        const auto recorded = event->recorded();
        if (recorded && !has_ended(*recorded)) return CUDA_ERROR_NOT_READY;
        return context.error();
    });
}

PASSBENCH_DRIVER_API CUresult cuEventSynchronize(CUevent handle) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& context) -> CUresult {
        const auto event = driver().events.find(handle);
        if (!event) return CUDA_ERROR_INVALID_HANDLE;
        if (event->captured()) return CUDA_ERROR_CAPTURED_EVENT;
        const bool blocks = (event->flags() & CU_EVENT_BLOCKING_SYNC) != 0;
        const double wake_ns = blocks ? cost_model.block_wake_ns : context.wake_ns();
        if (const auto recorded = event->recorded()) Context::wait_for({recorded}, wake_ns);
        return context.error();
    });
}

PASSBENCH_DRIVER_API CUresult cuEventElapsedTime_v2(float* milliseconds, CUevent start, CUevent end) {
    return elapsed(__func__, milliseconds, start, end);
}
#undef cuEventElapsedTime
PASSBENCH_DRIVER_API CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
    return elapsed(__func__, milliseconds, start, end);
}

}  // namespace passbench::emulation

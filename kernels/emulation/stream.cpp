// Entry points for streams.
#include <algorithm>
#include <utility>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

CUresult create(const char* name, CUstream* result, unsigned flags, int priority) {
    return context_call(name, cost_model.enqueue_ns, [&](Context& context) {
        if (result == nullptr || (flags & ~unsigned{CU_STREAM_NON_BLOCKING}) != 0) return CUDA_ERROR_INVALID_VALUE;
        const StreamKind kind = flags == CU_STREAM_NON_BLOCKING ? StreamKind::non_blocking : StreamKind::blocking;
        constexpr int greatest_priority = -2;
        *result = driver().streams.add(
            context.create_stream(kind, flags, std::max(greatest_priority, std::min(0, priority))));
        return CUDA_SUCCESS;
    });
}

/// Nobody can wait for, or ask about, a stream that is captured: it does nothing. Whoever tries breaks the capture.
CUresult refuse_capture(Context& context, Stream& stream) {
    const std::lock_guard lock(context.order);
    if (stream.capture) {
        stream.capture->capture->broken = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    if (stream.kind() == StreamKind::legacy && context.captures_blocking_stream())
        return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
    return CUDA_SUCCESS;
}

/// For entry points that only look at a stream.
template <typename Body>
CUresult stream_call(const char* name, CUstream handle, const Body& body) {
    return context_call(name, cost_model.call_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        return body(context, *stream);
    });
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuStreamCreate(CUstream* stream, unsigned int flags) {
    return create(__func__, stream, flags, 0);
}
PASSBENCH_DRIVER_API CUresult cuStreamCreateWithPriority(CUstream* stream, unsigned int flags, int priority) {
    return create(__func__, stream, flags, priority);
}

PASSBENCH_DRIVER_API CUresult cuStreamDestroy_v2(CUstream handle) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const auto stream = driver().streams.remove(handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        stream->context().destroy_stream(stream);
        return CUDA_SUCCESS;
    });
}
#undef cuStreamDestroy
PASSBENCH_DRIVER_API CUresult cuStreamDestroy(CUstream handle) { return cuStreamDestroy_v2(handle); }

PASSBENCH_DRIVER_API CUresult cuStreamSynchronize(CUstream handle) {
    return stream_call(__func__, handle, [](Context& context, Stream& stream) {
        if (const CUresult refused = refuse_capture(context, stream); refused != CUDA_SUCCESS) return refused;
        Context::wait_for(context.pending(stream), context.wake_ns());
        return context.error();
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamQuery(CUstream handle) {
    return stream_call(__func__, handle, [](Context& context, Stream& stream) {
        if (const CUresult refused = refuse_capture(context, stream); refused != CUDA_SUCCESS) return refused;
        for (const auto& completion : context.pending(stream)) {
            if (!has_ended(*completion)) return CUDA_ERROR_NOT_READY;
        }
        return context.error();
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamGetFlags(CUstream handle, unsigned int* flags) {
    return stream_call(__func__, handle, [&](const Context& /*context*/, const Stream& stream) {
        if (flags == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *flags = stream.flags();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamGetPriority(CUstream handle, int* priority) {
    return stream_call(__func__, handle, [&](const Context& /*context*/, const Stream& stream) {
        if (priority == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *priority = stream.priority();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamGetId(CUstream handle, unsigned long long* id) {
    return stream_call(__func__, handle, [&](const Context& /*context*/, const Stream& stream) {
        if (id == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *id = stream.id();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamGetCtx(CUstream handle, CUcontext* pctx) {
    return stream_call(__func__, handle, [&](const Context& /*context*/, const Stream& stream) {
        if (pctx == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *pctx = stream.context().handle();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuLaunchHostFunc(CUstream handle, CUhostFn fn, void* user_data) {
    return context_call(__func__, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (fn == nullptr) return CUDA_ERROR_INVALID_VALUE;
        return submit(context, *stream, HostWork{[fn, user_data] { fn(user_data); }}, Blocking::no);
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamAddCallback(CUstream handle, CUstreamCallback callback, void* user_data,
                                                  unsigned int flags) {
    return context_call(__func__, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (callback == nullptr || flags != 0) return CUDA_ERROR_INVALID_VALUE;
        const auto call = [callback, handle, user_data] { callback(handle, CUDA_SUCCESS, user_data); };
        return submit(context, *stream, HostWork{call}, Blocking::no);
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamWaitEvent(CUstream handle, CUevent event_handle, unsigned int flags) {
    return context_call(__func__, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        const auto event = driver().events.find(event_handle);
        if (!stream || !event) return CUDA_ERROR_INVALID_HANDLE;
        if (flags != CU_EVENT_WAIT_DEFAULT) return CUDA_ERROR_INVALID_VALUE;
        return submit_wait(context, *stream, *event);
    });
}

}  // namespace passbench::emulation

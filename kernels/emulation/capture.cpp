// Entry points that capture what streams are given into a graph.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

/// Every node of the capture must lie before what its first stream ends with: else a fork was not joined.
bool joined(const Capture& capture, const GraphNodes& last) {
    std::vector<const GraphNode*> left;
    std::unordered_set<const GraphNode*> seen;
    const auto visit = [&](const GraphNodes& nodes) {
        for (const auto& node : nodes) {
            if (seen.insert(node.get()).second) left.push_back(node.get());
        }
    };
    visit(last);
    while (!left.empty()) {
        const GraphNode* node = left.back();
        left.pop_back();
        visit(node->after);
    }
    return seen.size() == capture.graph->nodes().size();
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuStreamBeginCapture_v2(CUstream handle, CUstreamCaptureMode mode) {
    return context_call(__func__, cost_model.call_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        const bool known_mode = mode == CU_STREAM_CAPTURE_MODE_GLOBAL || mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL ||
                                mode == CU_STREAM_CAPTURE_MODE_RELAXED;
        if (!known_mode) return CUDA_ERROR_INVALID_VALUE;
        if (stream->kind() == StreamKind::legacy) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        const std::lock_guard lock(context.order);
        if (stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
        auto capture = std::make_shared<Capture>();
        capture->origin = stream.get();
        capture->mode = mode;
        capture->id = ++driver().captures;
        stream->capture = CapturePoint{.capture = std::move(capture), .last = {}};
        return CUDA_SUCCESS;
    });
}

#undef cuStreamBeginCapture
PASSBENCH_DRIVER_API CUresult cuStreamBeginCapture(CUstream handle) {
    return cuStreamBeginCapture_v2(handle, CU_STREAM_CAPTURE_MODE_GLOBAL);
}

PASSBENCH_DRIVER_API CUresult cuStreamEndCapture(CUstream handle, CUgraph* result) {
    return context_call(__func__, cost_model.call_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (result == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const std::lock_guard lock(context.order);
        if (!stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
        const CapturePoint point = *stream->capture;
        if (point.capture->origin != stream.get()) return CUDA_ERROR_STREAM_CAPTURE_UNMATCHED;
        context.end_capture(*point.capture);
        *result = nullptr;
        if (point.capture->broken != CUDA_SUCCESS) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
        if (!joined(*point.capture, point.last)) return CUDA_ERROR_STREAM_CAPTURE_UNJOINED;
        *result = driver().graphs.add(point.capture->graph);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuStreamIsCapturing(CUstream handle, CUstreamCaptureStatus* status) {
    return context_call(__func__, cost_model.call_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (status == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const std::lock_guard lock(context.order);
        if (stream->kind() == StreamKind::legacy && context.captures_blocking_stream()) {
            return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
        }
        *status = !stream->capture                                   ? CU_STREAM_CAPTURE_STATUS_NONE
                  : stream->capture->capture->broken == CUDA_SUCCESS ? CU_STREAM_CAPTURE_STATUS_ACTIVE
                                                                     : CU_STREAM_CAPTURE_STATUS_INVALIDATED;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuThreadExchangeStreamCaptureMode(CUstreamCaptureMode* mode) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        static thread_local CUstreamCaptureMode current = CU_STREAM_CAPTURE_MODE_GLOBAL;
        if (mode == nullptr) return CUDA_ERROR_INVALID_VALUE;
        std::swap(*mode, current);
        return CUDA_SUCCESS;
    });
}

}  // namespace passbench::emulation

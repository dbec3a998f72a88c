#include "kernels/emulation/submit.hpp"

#include <algorithm>
#include <utility>

#include "kernels/emulation/virtual_clock.hpp"

namespace passbench::emulation {

namespace {

CUgraphNodeType type_of(const Work& work) {
    if (std::holds_alternative<KernelWork>(work)) return CU_GRAPH_NODE_TYPE_KERNEL;
    if (std::holds_alternative<CopyWork>(work)) return CU_GRAPH_NODE_TYPE_MEMCPY;
    if (std::holds_alternative<FillWork>(work)) return CU_GRAPH_NODE_TYPE_MEMSET;
    if (std::holds_alternative<HostWork>(work)) return CU_GRAPH_NODE_TYPE_HOST;
    if (std::holds_alternative<EmptyWork>(work)) return CU_GRAPH_NODE_TYPE_EMPTY;
    return CU_GRAPH_NODE_TYPE_GRAPH;
}

/// What stands in the way of giving the stream anything: a capture that is broken, or one that this stream would wait for.
CUresult check_capture(Context& context, const Stream& stream) {
    if (stream.capture && stream.capture->capture->broken != CUDA_SUCCESS) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    if (stream.kind() == StreamKind::legacy && context.captures_blocking_stream())
        return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
    return CUDA_SUCCESS;
}

}  // namespace

CUresult submit(Context& context, Stream& stream, Work work, Blocking blocking) {
    CompletionPointer completion;
    {
        const std::lock_guard lock(context.order);
        if (const CUresult checked = check_capture(context, stream); checked != CUDA_SUCCESS) return checked;
        if (stream.capture) {
            auto& [capture, last] = *stream.capture;
            const CUgraphNodeType type = type_of(work);
            last = {capture->graph->add(type, std::move(work), last)};
            return CUDA_SUCCESS;
        }
        completion = context.enqueue(stream, std::move(work));
    }
    if (blocking == Blocking::no) return CUDA_SUCCESS;
    Context::wait_for({completion});
    return context.error();
}

CUresult submit_record(Context& context, Stream& stream, const std::shared_ptr<Event>& event) {
    const std::lock_guard lock(context.order);
    if (const CUresult checked = check_capture(context, stream); checked != CUDA_SUCCESS) return checked;
    if (stream.capture) {
        event->record(*stream.capture);
    } else {
        event->record(context.enqueue(stream, EmptyWork{}));
    }
    return CUDA_SUCCESS;
}

CUresult submit_wait(Context& context, Stream& stream, const Event& event) {
    const std::lock_guard lock(context.order);
    if (const CUresult checked = check_capture(context, stream); checked != CUDA_SUCCESS) return checked;
    if (const auto point = event.captured()) {
        if (stream.kind() == StreamKind::legacy) return CUDA_ERROR_STREAM_CAPTURE_IMPLICIT;
        if (!stream.capture) {
            stream.capture = *point;  // the stream takes part from here on
            return CUDA_SUCCESS;
        }
        if (stream.capture->capture != point->capture) return CUDA_ERROR_STREAM_CAPTURE_MERGE;
        for (const auto& node : point->last) {
            auto& last = stream.capture->last;
            if (std::find(last.begin(), last.end(), node) == last.end()) last.push_back(node);
        }
        return CUDA_SUCCESS;
    }
    if (stream.capture)
        return CUDA_ERROR_STREAM_CAPTURE_ISOLATION;  // would make the capture wait for what is outside of it
    // An event that was never recorded has nothing to wait for.
    if (const auto recorded = event.recorded()) context.enqueue(stream, EmptyWork{}, {recorded});
    return CUDA_SUCCESS;
}

bool has_ended(Completion& completion) {
    return completion.wait_a_while() && completion.end_ns() <= virtual_clock().now_ns();
}

}  // namespace passbench::emulation

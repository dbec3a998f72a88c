#include "kernels/emulation/context_state.hpp"

#include <algorithm>
#include <utility>

#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/virtual_clock.hpp"

namespace passbench::emulation {

void Context::fail(CUresult error) {
    CUresult none = CUDA_SUCCESS;
    error_.compare_exchange_strong(none, error);
}

double Context::wake_ns() const {
    switch (flags() & CU_CTX_SCHED_MASK) {
        case CU_CTX_SCHED_SPIN:
            return cost_model.spin_wake_ns;
        case CU_CTX_SCHED_YIELD:
            return cost_model.yield_wake_ns;
        case CU_CTX_SCHED_BLOCKING_SYNC:
            return cost_model.block_wake_ns;
        default:
            return cost_model.wake_ns;
    }
}

std::shared_ptr<Stream> Context::make_stream(StreamKind kind, unsigned flags, int priority) {
    auto stream = std::make_shared<Stream>(shared_from_this(), kind, flags, priority, next_stream_id_++);
    streams_.push_back(stream);
    return stream;
}

std::shared_ptr<Stream> Context::create_stream(StreamKind kind, unsigned flags, int priority) {
    const std::lock_guard lock(order);
    return make_stream(kind, flags, priority);
}

void Context::destroy_stream(const std::shared_ptr<Stream>& stream) {
    const std::lock_guard lock(order);
    std::erase(streams_, stream);
    stream->close();
}

std::shared_ptr<Stream> Context::legacy_stream() {
    const std::lock_guard lock(order);
    if (!legacy_) legacy_ = make_stream(StreamKind::legacy, 0, 0);
    return legacy_;
}

std::shared_ptr<Stream> Context::per_thread_stream() {
    const std::lock_guard lock(order);
    auto& stream = per_thread_[std::this_thread::get_id()];
    if (!stream) stream = make_stream(StreamKind::blocking, 0, 0);
    return stream;
}

CompletionPointer Context::enqueue(Stream& stream, Work work, std::vector<CompletionPointer> after) {
    VirtualClock& clock = virtual_clock();
    Operation operation;
    operation.work = std::move(work);
    operation.host_factor = clock.host_factor();
    operation.device_factor = clock.device_factor();
    operation.earliest_ns = clock.now_ns() + static_cast<std::int64_t>(cost_model.submit_ns * operation.host_factor);
    operation.after = std::move(after);
    operation.completion = std::make_shared<Completion>(stream.weak_from_this());
    const std::lock_guard lock(order);
    const auto depend_on = [&](const Stream& other) {
        if (auto last = other.last()) operation.after.push_back(std::move(last));
    };
    if (stream.kind() == StreamKind::blocking && legacy_) depend_on(*legacy_);
    if (stream.kind() == StreamKind::legacy) {
        for (const auto& other : streams_) {
            if (other->kind() == StreamKind::blocking) depend_on(*other);
        }
    }
    CompletionPointer completion = operation.completion;
    stream.push(std::move(operation));
    return completion;
}

void Context::run(Stream& stream, Work work) { wait_for({enqueue(stream, std::move(work))}); }

std::vector<CompletionPointer> Context::pending(Stream& stream) {
    const std::lock_guard lock(order);
    std::vector<CompletionPointer> result;
    const auto add = [&](const Stream& which) {
        if (auto last = which.last()) result.push_back(std::move(last));
    };
    add(stream);
    if (stream.kind() == StreamKind::legacy) {
        for (const auto& other : streams_) {
            if (other->kind() == StreamKind::blocking) add(*other);
        }
    }
    return result;
}

std::vector<CompletionPointer> Context::pending() {
    const std::lock_guard lock(order);
    std::vector<CompletionPointer> result;
    for (const auto& stream : streams_) {
        if (auto last = stream->last()) result.push_back(std::move(last));
    }
    return result;
}

void Context::wait_for(const std::vector<CompletionPointer>& completions, double wake_ns) {
    std::int64_t end_ns = 0;
    for (const CompletionPointer& completion : completions) end_ns = std::max(end_ns, completion->wait());
    virtual_clock().wait_until(end_ns, wake_ns);
}

void Context::end_capture(const Capture& capture) {
    const std::lock_guard lock(order);
    for (const auto& stream : streams_) {
        if (stream->capture && stream->capture->capture.get() == &capture) stream->capture.reset();
    }
}

bool Context::captures_blocking_stream() {
    const std::lock_guard lock(order);
    return std::any_of(streams_.begin(), streams_.end(), [](const auto& stream) {
        return stream->kind() == StreamKind::blocking && stream->capture.has_value();
    });
}

bool Context::forbids_waiting() {
    const std::lock_guard lock(order);
    bool forbids = false;
    for (const auto& stream : streams_) {
        if (!stream->capture || stream->capture->capture->mode == CU_STREAM_CAPTURE_MODE_RELAXED) continue;
        stream->capture->capture->broken = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
        forbids = true;
    }
    return forbids;
}

void Context::close() {
    const std::lock_guard lock(order);
    for (const auto& stream : streams_) stream->close();
    streams_.clear();
    legacy_.reset();
    per_thread_.clear();
}

}  // namespace passbench::emulation

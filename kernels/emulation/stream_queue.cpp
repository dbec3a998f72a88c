#include "kernels/emulation/stream_queue.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "kernels/emulation/context_state.hpp"

namespace passbench::emulation {

void Completion::finish(std::int64_t end_ns) {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
        end_ns_ = end_ns;
    }
    changed_.notify_all();
}

std::int64_t Completion::wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return end_ns_;
}

bool Completion::wait_a_while() {
    constexpr std::chrono::milliseconds while_of_real_time(
        500);  // then it is taken for a kernel that waits for the host
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, while_of_real_time, [this] { return done_; });
}

std::int64_t Completion::end_ns() const {
    const std::lock_guard lock(mutex_);
    return end_ns_;
}

Stream::Stream(std::shared_ptr<Context> context, StreamKind kind, unsigned flags, int priority, std::uint64_t id)
    : context_(std::move(context)), kind_(kind), flags_(flags), priority_(priority), id_(id) {}

void Stream::push(Operation operation) {
    {
        const std::lock_guard lock(mutex_);
        last_ = operation.completion;
        queue_.push_back(std::move(operation));
        if (!std::exchange(started_, true)) {
            // Detached: destroying a stream does not wait for its work, and at the end of the process nothing waits at all.
            std::thread([self = shared_from_this()] { self->serve(); }).detach();
        }
    }
    changed_.notify_one();
}

CompletionPointer Stream::last() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

void Stream::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    changed_.notify_one();
}

void Stream::serve() {
    std::int64_t end_ns = 0;
    for (;;) {
        Operation operation;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return !queue_.empty() || closed_; });
            if (queue_.empty()) return;
            operation = std::move(queue_.front());
            queue_.pop_front();
        }
        std::int64_t begin_ns = std::max(end_ns, operation.earliest_ns);
        for (const CompletionPointer& before : operation.after) begin_ns = std::max(begin_ns, before->wait());
        end_ns = run_work(
            operation.work, *context_,
            {.begin_ns = begin_ns, .host_factor = operation.host_factor, .device_factor = operation.device_factor});
        operation.completion->finish(end_ns);
    }
}

}  // namespace passbench::emulation

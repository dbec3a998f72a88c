#include "kernels/emulation/stream_queue.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "kernels/emulation/context_state.hpp"
#include "kernels/emulation/sanitizers.hpp"

namespace passbench::emulation {

namespace {

/// For so long of real time a stream's thread leaves work to those who wait for it. The thread sanitizer sees races between
/// streams only where each has its thread.
constexpr std::chrono::microseconds patience(thread_sanitizer ? 0 : 1000);

/// Of the operation that the calling thread runs; null outside of one, and on threads that help with large grids.
Completion*& running_completion() {
    static thread_local Completion* completion = nullptr;
    return completion;
}

}  // namespace

HostWait::HostWait() : completion_(running_completion()) {
    if (completion_ != nullptr) completion_->set_awaits(Completion::Awaits::the_host);
}
HostWait::~HostWait() {
    if (completion_ != nullptr) completion_->set_awaits(Completion::Awaits::nothing);
}

void Completion::set_awaits(Awaits awaits) {
    {
        const std::lock_guard lock(mutex_);
        awaits_ = awaits;
    }
    changed_.notify_all();
}

void Completion::finish(std::int64_t end_ns) {
    {
        const std::lock_guard lock(mutex_);
        done_ = true;
        end_ns_ = end_ns;
    }
    changed_.notify_all();
}

std::int64_t Completion::wait() {
    if (const auto stream = stream_.lock()) stream->work_until(*this);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return end_ns_;
}

bool Completion::wait_a_while() {
    constexpr std::chrono::milliseconds while_of_real_time(
        500);  // then it is taken for a kernel that waits for the host
    if (const auto stream = stream_.lock()) stream->hurry();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, while_of_real_time, [this] { return done_ || awaits_ == Awaits::the_host; });
    return done_;
}

bool Completion::is_done() const {
    const std::lock_guard lock(mutex_);
    return done_;
}

std::int64_t Completion::end_ns() const {
    const std::lock_guard lock(mutex_);
    return end_ns_;
}

Stream::Stream(std::shared_ptr<Context> context, StreamKind kind, unsigned flags, int priority, std::uint64_t id)
    : context_(std::move(context)), kind_(kind), flags_(flags), priority_(priority), id_(id) {}

void Stream::push(Operation operation) {
    const std::lock_guard lock(mutex_);
    last_ = operation.completion;
    queue_.push_back(std::move(operation));
    pushed_ = true;
    if (!std::exchange(started_, true)) {
        // Detached: destroying a stream does not wait for its work, and at the end of the process nothing waits at all.
        std::thread([self = shared_from_this()] { self->serve(); }).detach();
    }
    if (asleep_) changed_.notify_one();
}

void Stream::hurry() { changed_.notify_one(); }

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

void Stream::work_until(const Completion& wanted) {
    if (thread_sanitizer) return;
    std::unique_lock lock(mutex_);
    while (!running_ && !queue_.empty() && !wanted.is_done()) run_next(lock);
}

void Stream::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        pushed_ = false;
        changed_.wait_for(lock, patience);
        while (!running_ && !queue_.empty()) run_next(lock);
        if (running_ || pushed_) continue;
        if (closed_) return;
        asleep_ = true;
        changed_.wait(lock, [this] { return pushed_ || closed_; });
        asleep_ = false;
    }
}

void Stream::run_next(std::unique_lock<std::mutex>& lock) noexcept {
    running_ = true;
    Operation operation = std::move(queue_.front());
    queue_.pop_front();
    std::int64_t begin_ns = std::max(end_ns_, operation.earliest_ns);
    lock.unlock();
    for (const CompletionPointer& before : operation.after) begin_ns = std::max(begin_ns, before->wait());
    running_completion() = operation.completion.get();
    const std::int64_t end_ns = run_work(
        operation.work, *context_,
        {.begin_ns = begin_ns, .host_factor = operation.host_factor, .device_factor = operation.device_factor});
    running_completion() = nullptr;
    lock.lock();
    end_ns_ = end_ns;
    running_ = false;
    operation.completion->finish(end_ns);
}

}  // namespace passbench::emulation

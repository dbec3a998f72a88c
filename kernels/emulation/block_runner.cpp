#include "kernels/emulation/block_runner.hpp"

#include <algorithm>
#include <cstdlib>
#include <sys/mman.h>
#include <sys/ucontext.h>
#include <utility>

#include "kernels/emulation/sanitizers.hpp"

namespace passbench::emulation {

__thread BlockRunner* current_runner = nullptr;

namespace {

constexpr std::size_t page_bytes = 4096;

const char* name_of(BarrierKind kind) { return kind == BarrierKind::grid ? "grid sync" : "__syncthreads"; }

/// To the thread after it; x runs first.
void step(uint3& index, const dim3& dim) {
    if (++index.x < dim.x) return;
    index.x = 0;
    if (++index.y < dim.y) return;
    index.y = 0;
    ++index.z;
}

constexpr unsigned lanes_below(unsigned count) { return count >= warp_threads ? ~0U : (1U << count) - 1; }

}  // namespace

BlockRunner::BlockRunner() {
    // Nothing is allocated later while a fiber runs, but for the fibers themselves.
    for (auto* list : {&idle_, &spent_}) list->reserve(most_threads_a_block);
    fibers_.reserve(most_threads_a_block);
    // Shared memory ends at a page that may not be touched: an access behind it is seen like one behind an allocation.
    void* mapping =
        mmap(nullptr, most_shared_bytes + page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) std::abort();
    shared_mapping_ = static_cast<std::byte*>(mapping);
    if (mprotect(shared_mapping_ + most_shared_bytes, page_bytes, PROT_NONE) != 0) std::abort();
}

BlockRunner::~BlockRunner() { munmap(shared_mapping_, most_shared_bytes + page_bytes); }

BlockOutcome BlockRunner::run(const BlockLaunch& launch) {
    prepare(launch);
    caller_ = thread_context();
    current_runner = this;
    running_thread = &running_device_;
    sanitizer_release(&next_);
    switch_context(caller_, next_context(true));
    sanitizer_acquire(&exited_);
    current_runner = nullptr;
    running_thread = nullptr;
    running_fiber_ = nullptr;
    running_ = nullptr;
    running_device_ = nullptr;
    if (!failure_ && exited_ < count_) failure_ = why_stuck();
    if (failure_) {
        idle_.clear();
        spent_.clear();
        for (const auto& fiber : fibers_) {
            fiber->restart();
            idle_.push_back(fiber.get());
        }
    }
    return {.elapsed_ns = longest_ns_, .failure = std::exchange(failure_, std::nullopt)};
}

void BlockRunner::prepare(const BlockLaunch& launch) {
    launch_ = launch;
    idle_.insert(idle_.end(), spent_.begin(), spent_.end());
    spent_.clear();
    constexpr std::size_t alignment = 16;
    const std::size_t shared_bytes = (launch.dynamic_shared_bytes + alignment - 1) / alignment * alignment;
    launch_.place.dynamic_shared = shared_mapping_ + most_shared_bytes - shared_bytes;
    const dim3& dim = launch.place.block_dim;
    count_ = dim.x * dim.y * dim.z;
    if (thread_sanitizer) {
        // Made while a CUDA thread runs, a fiber would know all that this one did.
        while (fibers_.size() < count_) {
            fibers_.push_back(std::make_unique<Fiber>(&fiber_main, this));
            idle_.push_back(fibers_.back().get());
        }
    }
    next_index_ = {};
    next_ = exited_ = arrived_ = yes_ = ready_first_ = ready_count_ = 0;
    barriers_differ_ = false;
    longest_ns_ = 0;
    for (unsigned warp = 0; warp * warp_threads < count_; ++warp) {
        alive_[warp] = lanes_below(count_ - warp * warp_threads);
        waiting_[warp] = 0;
    }
}

void BlockRunner::fiber_main(Fiber& self, void* owner) {
    auto& runner = *static_cast<BlockRunner*>(owner);
    // Between blocks a fiber may come to another thread of the machine: nothing that is thread-local may live in this frame.
    for (;;) {
        runner.run_threads(self);
        (thread_sanitizer ? runner.spent_ : runner.idle_).push_back(&self);
        switch_context(self, runner.next_context(false));
    }
}

void BlockRunner::run_threads(Fiber& self) {
    while (next_ < count_) {
        run_next_thread(self);
        // To the sanitizer two threads on one fiber would be one thread.
        if (ready_count_ > 0 || thread_sanitizer)
            return;  // threads that wait are let go on first, so that few fibers are in use
    }
}

void BlockRunner::run_next_thread(Fiber& self) {
    const unsigned linear = next_++;
    Thread& thread = threads_[linear];
    thread.device = {.index = next_index_, .linear = linear, .block = &launch_.place, .elapsed_ns = 0};
    step(next_index_, launch_.place.block_dim);
    thread.state = State::running;
    thread.fiber = &self;
    running_ = &thread;
    running_fiber_ = &self;
    running_device_ = &thread.device;
    sanitizer_acquire(&next_);
    launch_.kernel->run(launch_.parameters);
    sanitizer_release(&exited_);
    leave_thread(thread);
}

void BlockRunner::leave_thread(Thread& thread) {
    thread.state = State::exited;
    ++exited_;
    longest_ns_ = std::max(longest_ns_, thread.device.elapsed_ns);
    lane_left(thread);
}

ExecutionContext& BlockRunner::next_context(bool fresh_first) {
    const bool fresh = next_ < count_;
    if (ready_count_ > 0 && !(fresh_first && fresh)) {
        Thread& thread = *ready_[ready_first_];
        ready_first_ = (ready_first_ + 1) % most_threads_a_block;
        --ready_count_;
        return *thread.fiber;
    }
    if (!fresh) return caller_;  // all have exited, or none can go on
    if (idle_.empty()) {
        fibers_.push_back(std::make_unique<Fiber>(&fiber_main, this));
        return *fibers_.back();
    }
    Fiber* fiber = idle_.back();
    idle_.pop_back();
    return *fiber;
}

void BlockRunner::suspend(Thread& thread, bool fresh_first) {
    sanitizer_release(&exited_);  // it may be that nothing resumes it
    ExecutionContext& next = next_context(fresh_first);
    if (&next != thread.fiber) switch_context(*thread.fiber, next);
    thread.state = State::running;
    running_ = &thread;
    running_fiber_ = thread.fiber;
    running_device_ = &thread.device;
}

void BlockRunner::make_ready(Thread& thread) {
    thread.state = State::ready;
    ready_[(ready_first_ + ready_count_) % most_threads_a_block] = &thread;
    ++ready_count_;
}

bool BlockRunner::same_barrier(const Thread& thread, const Thread& other) {
    return thread.barrier == other.barrier && thread.site == other.site;
}

BlockVotes BlockRunner::barrier(BarrierKind kind, bool predicate, const CallSite& site) {
    Thread& self = current();
    sanitizer_release(&arrived_);
    self.site = site;
    self.barrier = kind;
    self.state = State::at_barrier;
    if (arrived_ == 0) first_at_barrier_ = &self;
    if (!same_barrier(*first_at_barrier_, self)) barriers_differ_ = true;
    ++arrived_;
    yes_ += predicate ? 1 : 0;
    if (arrived_ < count_ || barriers_differ_) {
        suspend(self, false);
        sanitizer_acquire(&arrived_);
        return {.threads = count_, .yes = static_cast<unsigned>(self.result)};
    }
    sanitizer_acquire(&arrived_);
    const unsigned yes = std::exchange(yes_, 0);
    arrived_ = 0;
    std::int64_t latest_ns = 0;
    for (unsigned i = 0; i < count_; ++i) latest_ns = std::max(latest_ns, threads_[i].device.elapsed_ns);
    if (kind == BarrierKind::grid) {
        latest_ns = wait_for_grid(latest_ns, site);
        sanitizer_release(&arrived_);  // what this thread has learned of other blocks
    }
    for (unsigned i = 0; i < count_; ++i) {
        Thread& thread = threads_[i];
        thread.device.elapsed_ns = latest_ns;
        thread.result = yes;
        if (&thread != &self) make_ready(thread);
    }
    self.state = State::running;
    return {.threads = count_, .yes = yes};
}

void BlockRunner::sleep(std::int64_t ns) {
    Thread& self = current();
    self.device.elapsed_ns += ns;
    if (ready_count_ == 0 && next_ == count_) return;
    make_ready(self);
    suspend(self, true);
}

/// All threads of this block have come, so that the thread of the machine may wait; returns the grid's time of the meeting,
/// since this block's beginning.
std::int64_t BlockRunner::wait_for_grid(std::int64_t elapsed_ns, const CallSite& site) {
    const auto meeting = launch_.grid_barrier->wait(launch_.place.begin_ns + elapsed_ns);
    if (meeting.outcome == GridBarrier::Outcome::block_ended) {
        std::string words = "grid sync at " + site.text() + " not reached by block " + std::to_string(meeting.block) +
                            " of the grid, which has ended";
        fail(std::move(words), std::nullopt);
    }
    if (meeting.outcome == GridBarrier::Outcome::block_failed) {
        KernelFailure failure = failure_at(current(), "");
        failure.of_another_block = true;
        stop(std::move(failure));
    }
    return meeting.latest_ns - launch_.place.begin_ns;
}

void BlockRunner::fail(std::string words, std::optional<std::uintptr_t> address) {
    KernelFailure failure = failure_at(current(), std::move(words));
    failure.address = address;
    stop(std::move(failure));
}

void BlockRunner::stop(KernelFailure failure) {
    failure_ = std::move(failure);
    sanitizer_release(&exited_);
    leave_context(*running_fiber_, caller_);
}

KernelFailure BlockRunner::failure_at(const Thread& thread, std::string words) const {
    return {.block = launch_.place.linear,
            .block_index = launch_.place.index,
            .thread_index = thread.device.index,
            .address = std::nullopt,
            .words = std::move(words)};
}

KernelFailure BlockRunner::why_stuck() const {
    // Lanes that disagree hold up the barrier of the block too, so they are the cause where there are any.
    if (auto failure = why_warp_stuck()) return *std::move(failure);
    const Thread* first = nullptr;
    const Thread* other = nullptr;
    unsigned at_first = 0;
    for (unsigned i = 0; i < count_; ++i) {
        const Thread& thread = threads_[i];
        if (thread.state != State::at_barrier) continue;
        if (first == nullptr) first = &thread;
        if (same_barrier(*first, thread)) {
            ++at_first;
        } else if (other == nullptr) {
            other = &thread;
        }
    }
    if (first == nullptr) return failure_at(threads_[0], "no thread of the block can go on");
    std::string words = std::string(name_of(first->barrier)) + " at " + first->site.text() + " reached by " +
                        std::to_string(at_first) + " of " + std::to_string(count_) + " threads";
    if (other != nullptr) {
        words += "; thread " + std::to_string(other->device.linear) + " waits at " + other->site.text();
    } else {
        const auto* exited = std::find_if(threads_.begin(), threads_.begin() + count_,
                                          [](const Thread& thread) { return thread.state == State::exited; });
        words += "; thread " + std::to_string(exited - threads_.begin()) + " has exited";
    }
    return failure_at(*first, std::move(words));
}

bool BlockRunner::take_signal(int signal, const siginfo_t& info, void* machine_context) {
    auto& registers = static_cast<ucontext_t*>(machine_context)->uc_mcontext.gregs;
    if (running_fiber_ == nullptr || !running_fiber_->on_stack(reinterpret_cast<void*>(registers[REG_RSP])))
        return false;
    signal_ = signal;
    signal_address_ = reinterpret_cast<std::uintptr_t>(info.si_addr);
    // What the fiber was doing is given up, so its whole stack is free; it may even be the one that overflowed. As if by a
    // call, the stack pointer is 8 below a multiple of 16.
    registers[REG_RIP] = reinterpret_cast<greg_t>(&land);
    registers[REG_RSP] = reinterpret_cast<greg_t>(running_fiber_->stack_high() - 64 - 8);
    registers[REG_RDI] = reinterpret_cast<greg_t>(this);
    return true;
}

void BlockRunner::land(BlockRunner* runner) {
    const int signal = std::exchange(runner->signal_, 0);
    if (signal == SIGFPE) runner->fail("integer division by zero", std::nullopt);
    if (signal == SIGILL)
        runner->fail("an instruction that this machine does not know, or a failed check of the compiler's",
                     std::nullopt);
    const auto* address = reinterpret_cast<const std::byte*>(runner->signal_address_);
    if (runner->running_fiber_->on_stack(address)) {
        runner->fail("more than 64 KiB of local memory in one thread", std::nullopt);
    }
    const auto* shared_end = runner->shared_mapping_ + most_shared_bytes;
    if (address >= shared_end && address < shared_end + page_bytes) {
        std::string words = "out-of-bounds access, " + std::to_string(address - shared_end) + " bytes past the " +
                            std::to_string(runner->launch_.dynamic_shared_bytes) + " bytes of dynamic shared memory";
        runner->fail(std::move(words), runner->signal_address_);
    }
    runner->fail("", runner->signal_address_);
}

}  // namespace passbench::emulation

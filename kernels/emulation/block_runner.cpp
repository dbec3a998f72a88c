#include "kernels/emulation/block_runner.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <sys/ucontext.h>
#include <utility>

#include "kernels/emulation/sanitizers.hpp"

namespace passbench::emulation {

__thread BlockRunner* current_runner = nullptr;

namespace {

constexpr std::size_t page_bytes = 4096;

const char* name_of(WarpOperation operation) {
    switch (operation) {
        case WarpOperation::sync:
            return "__syncwarp";
        case WarpOperation::shuffle:
            return "__shfl_sync";
        case WarpOperation::ballot:
            return "__ballot_sync";
        case WarpOperation::all:
            return "__all_sync";
        case WarpOperation::match_any:
            return "__match_any_sync";
        case WarpOperation::match_all:
            return "__match_all_sync";
    }
    return "warp operation";
}

std::string hexadecimal(unsigned value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08x", value);
    return text;
}

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
    sites_differ_ = false;
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
    const unsigned warp = thread.device.linear / warp_threads;
    alive_[warp] &= ~(1U << (thread.device.linear % warp_threads));
    // Lanes that wait for this one wait for it no longer.
    for (unsigned lanes = waiting_[warp]; lanes != 0; lanes &= lanes - 1) {
        const unsigned lane = static_cast<unsigned>(std::countr_zero(lanes));
        if ((waiting_[warp] >> lane & 1U) == 0) continue;  // let go together with an earlier one
        const Thread& waiting = threads_[warp * warp_threads + lane];
        const unsigned wanted = waiting.mask & alive_[warp];
        if (warp_operation_complete(waiting, wanted)) complete_warp_operation(warp, wanted, nullptr);
    }
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

BlockVotes BlockRunner::barrier(bool predicate, const CallSite& site) {
    Thread& self = current();
    sanitizer_release(&arrived_);
    self.site = site;
    self.state = State::at_barrier;
    if (arrived_ == 0) barrier_site_ = site;
    if (!(barrier_site_ == site)) sites_differ_ = true;
    ++arrived_;
    yes_ += predicate ? 1 : 0;
    if (arrived_ < count_ || sites_differ_) {
        suspend(self, false);
        sanitizer_acquire(&arrived_);
        return {.threads = count_, .yes = static_cast<unsigned>(self.result)};
    }
    sanitizer_acquire(&arrived_);
    const unsigned yes = std::exchange(yes_, 0);
    arrived_ = 0;
    std::int64_t latest_ns = 0;
    for (unsigned i = 0; i < count_; ++i) latest_ns = std::max(latest_ns, threads_[i].device.elapsed_ns);
    for (unsigned i = 0; i < count_; ++i) {
        Thread& thread = threads_[i];
        thread.device.elapsed_ns = latest_ns;
        thread.result = yes;
        if (&thread != &self) make_ready(thread);
    }
    self.state = State::running;
    return {.threads = count_, .yes = yes};
}

std::uint64_t BlockRunner::exchange(WarpOperation operation, unsigned mask, std::uint64_t value, unsigned source,
                                    const CallSite& site) {
    Thread& self = current();
    const unsigned warp = self.device.linear / warp_threads;
    const unsigned lane = self.device.linear % warp_threads;
    if ((mask >> lane & 1U) == 0) {
        fail(std::string(name_of(operation)) + " at " + site.text() + ": the mask " + hexadecimal(mask) +
                 " does not name the calling lane " + std::to_string(lane),
             std::nullopt);
    }
    self.site = site;
    self.operation = operation;
    self.mask = mask;
    self.value = value;
    self.source = source;
    self.state = State::at_warp_operation;
    waiting_[warp] |= 1U << lane;
    const unsigned wanted = mask & alive_[warp];
    sanitizer_release(&waiting_[warp]);
    if (warp_operation_complete(self, wanted)) {
        complete_warp_operation(warp, wanted, &self);
        self.state = State::running;
    } else {
        suspend(self, false);
    }
    sanitizer_acquire(&waiting_[warp]);
    return self.result;
}

bool BlockRunner::warp_operation_complete(const Thread& thread, unsigned lanes) const {
    const unsigned warp = thread.device.linear / warp_threads;
    if ((waiting_[warp] & lanes) != lanes) return false;
    for (unsigned left = lanes; left != 0; left &= left - 1) {
        const Thread& other = threads_[warp * warp_threads + static_cast<unsigned>(std::countr_zero(left))];
        if (other.mask != thread.mask || other.operation != thread.operation) return false;
    }
    return true;
}

void BlockRunner::complete_warp_operation(unsigned warp, unsigned lanes, const Thread* caller) {
    Thread* const first_lane = &threads_[std::size_t{warp} * warp_threads];
    const auto each = [&](const auto& work) {
        for (unsigned left = lanes; left != 0; left &= left - 1) {
            const auto lane = static_cast<unsigned>(std::countr_zero(left));
            work(first_lane[lane], lane);
        }
    };
    const auto lanes_with = [&](const auto& condition) {
        unsigned found = 0;
        each([&](const Thread& thread, unsigned lane) { found |= condition(thread) ? 1U << lane : 0U; });
        return found;
    };
    std::int64_t latest_ns = 0;
    each([&](const Thread& thread, unsigned) { latest_ns = std::max(latest_ns, thread.device.elapsed_ns); });
    const std::uint64_t first_value = first_lane[std::countr_zero(lanes)].value;
    const unsigned yes = lanes_with([](const Thread& thread) { return thread.value != 0; });
    each([&](Thread& thread, unsigned) {
        switch (thread.operation) {
            case WarpOperation::sync:
                break;
            case WarpOperation::shuffle:
                // Of a lane that takes no part CUDA promises nothing.
                thread.result =
                    (lanes >> thread.source & 1U) != 0 ? first_lane[thread.source].value : ~std::uint64_t{0};
                break;
            case WarpOperation::ballot:
                thread.result = yes;
                break;
            case WarpOperation::all:
                thread.result = yes == lanes ? 1 : 0;
                break;
            case WarpOperation::match_any:
                thread.result = lanes_with([&](const Thread& other) { return other.value == thread.value; });
                break;
            case WarpOperation::match_all:
                thread.result =
                    lanes_with([&](const Thread& other) { return other.value == first_value; }) == lanes ? lanes : 0;
                break;
        }
    });
    waiting_[warp] &= ~lanes;
    each([&](Thread& thread, unsigned) {
        thread.device.elapsed_ns = latest_ns;
        if (&thread != caller) make_ready(thread);
    });
}

void BlockRunner::sleep(std::int64_t ns) {
    Thread& self = current();
    self.device.elapsed_ns += ns;
    if (ready_count_ == 0 && next_ == count_) return;
    make_ready(self);
    suspend(self, true);
}

void BlockRunner::fail(std::string words, std::optional<std::uintptr_t> address) {
    failure_ = failure_at(current(), std::move(words));
    failure_->address = address;
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
    const Thread* first = nullptr;
    const Thread* other = nullptr;
    unsigned at_first = 0;
    for (unsigned i = 0; i < count_; ++i) {
        const Thread& thread = threads_[i];
        if (thread.state != State::at_barrier) continue;
        if (first == nullptr) first = &thread;
        if (first->site == thread.site) {
            ++at_first;
        } else if (other == nullptr) {
            other = &thread;
        }
    }
    // Lanes that disagree hold up the barrier of the block too, so they are the cause where there are any.
    for (unsigned i = 0; i < count_; ++i) {
        const Thread& thread = threads_[i];
        if (thread.state != State::at_warp_operation) continue;
        const unsigned warp = i / warp_threads;
        unsigned absent = 0;
        for (unsigned left = thread.mask & alive_[warp]; left != 0; left &= left - 1) {
            const auto lane = static_cast<unsigned>(std::countr_zero(left));
            const Thread& peer = threads_[warp * warp_threads + lane];
            const bool here = peer.state == State::at_warp_operation && peer.mask == thread.mask &&
                              peer.operation == thread.operation;
            absent |= here ? 0U : 1U << lane;
        }
        return failure_at(thread, std::string(name_of(thread.operation)) + " at " + thread.site.text() + " with mask " +
                                      hexadecimal(thread.mask) + " not reached by lanes " + hexadecimal(absent) +
                                      " of warp " + std::to_string(warp));
    }
    if (first == nullptr) return failure_at(threads_[0], "no thread of the block can go on");
    std::string words = "__syncthreads at " + first->site.text() + " reached by " + std::to_string(at_first) + " of " +
                        std::to_string(count_) + " threads";
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
        runner->fail("out-of-bounds access, " + std::to_string(address - shared_end) + " bytes past the " +
                         std::to_string(runner->launch_.dynamic_shared_bytes) + " bytes of dynamic shared memory",
                     runner->signal_address_);
    }
    runner->fail("", runner->signal_address_);
}

}  // namespace passbench::emulation

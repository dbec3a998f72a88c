#include "kernels/emulation/block_runner.hpp"

#include <algorithm>
#include <cstdlib>
#include <sys/mman.h>
#include <utility>

#include "kernels/emulation/sanitizers.hpp"

namespace passbench::emulation {

__thread BlockRunner* current_runner = nullptr;

namespace {

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
        mmap(nullptr, most_shared_bytes + guard_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) std::abort();
    shared_mapping_ = static_cast<std::byte*>(mapping);
    if (mprotect(shared_mapping_ + most_shared_bytes, guard_bytes, PROT_NONE) != 0) std::abort();
}

BlockRunner::~BlockRunner() { munmap(shared_mapping_, most_shared_bytes + guard_bytes); }

BlockOutcome BlockRunner::run(const BlockLaunch& launch) {
    prepare(launch);
    caller_ = thread_context();
    here_ = &caller_;
    current_runner = this;
    running_block = &running_;
    sanitizer_release(&next_);
    suspend(Turn::of_fresh);
    sanitizer_acquire(&exited_);
    current_runner = nullptr;
    running_block = nullptr;
    running_.thread = nullptr;
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
        while (fibers_.size() < count_) idle_.push_back(&add_fiber());
    }
    running_.place = &launch_.place;
    next_index_ = {};
    next_ = exited_ = 0;
    longest_ns_ = 0;
    ready_ = {};
    arrivals_ = {};
    for (unsigned warp = 0; warp * warp_threads < count_; ++warp) {
        alive_[warp] = lanes_below(count_ - warp * warp_threads);
        waiting_[warp] = 0;
    }
}

Fiber& BlockRunner::add_fiber() {
    fibers_.push_back(std::make_unique<Fiber>(&fiber_main, this));
    return *fibers_.back();
}

void BlockRunner::fiber_main(Fiber& self, void* owner) {
    auto& runner = *static_cast<BlockRunner*>(owner);
    // Between blocks a fiber may come to another thread of the machine: nothing that is thread-local may live in this frame.
    for (;;) {
        runner.run_threads(self);
        (thread_sanitizer ? runner.spent_ : runner.idle_).push_back(&self);
        runner.suspend(Turn::of_begun);
    }
}

void BlockRunner::run_threads(Fiber& self) {
    while (next_ < count_) {
        run_next_thread(self);
        // To the sanitizer two threads on one fiber would be one thread.
        if (!ready_.empty() || thread_sanitizer)
            return;  // threads that wait are let go on first, so that few fibers are in use
    }
}

void BlockRunner::run_next_thread(Fiber& self) {
    const unsigned linear = next_++;
    Thread& thread = threads_[linear];
    static_cast<DeviceThread&>(thread) = {.index = next_index_, .linear = linear, .elapsed_ns = 0};
    step(next_index_, launch_.place.block_dim);
    thread.fiber = &self;
    running_.thread = &thread;
    sanitizer_acquire(&next_);
    launch_.kernel->run(launch_.parameters);
    sanitizer_release(&exited_);
    leave_thread(thread);
}

void BlockRunner::leave_thread(Thread& thread) {
    thread.state = State::exited;
    ++exited_;
    longest_ns_ = std::max(longest_ns_, thread.elapsed_ns);
    lane_left(thread);
}

void BlockRunner::suspend(Turn turn) {
    sanitizer_release(&exited_);  // it may be that nothing resumes it
    passbench_suspend(static_cast<std::uint64_t>(turn), nullptr, &decide_turn);
}

Resumption BlockRunner::decide_turn(std::uint64_t turn, const void* /*none*/, void* stack) {
    BlockRunner& runner = *current_runner;
    runner.here_->suspended = stack;
    return runner.next(static_cast<Turn>(turn));
}

Resumption BlockRunner::decide_at_block_barrier(std::uint64_t yes, const void* site, void* stack) {
    return current_runner->arrive(State::at_block_barrier, yes, *static_cast<const CallSite*>(site), stack);
}

Resumption BlockRunner::decide_at_grid_barrier(std::uint64_t /*none*/, const void* site, void* stack) {
    return current_runner->arrive(State::at_grid_barrier, 0, *static_cast<const CallSite*>(site), stack);
}

Resumption BlockRunner::arrive(State barrier, std::uint64_t yes, const CallSite& site, void* stack) {
    Thread& self = current();
    sanitizer_release(&arrivals_);
    self.site = &site;
    self.state = barrier;
    if (arrivals_.count == 0) {
        arrivals_.barrier = barrier;
        arrivals_.site = site;
    } else if (barrier != arrivals_.barrier || !(site == arrivals_.site)) {
        arrivals_.differ = true;
    }
    ++arrivals_.count;
    arrivals_.yes += yes;
    arrivals_.latest_ns = std::max(arrivals_.latest_ns, self.elapsed_ns);
    if (arrivals_.count < count_ || arrivals_.differ) {
        sanitizer_release(&exited_);  // it may be that nothing resumes it
        arrivals_.waiting.push_first(self);
        here_->suspended = stack;
        return next(Turn::of_begun);
    }
    meet();
    return {.stack = stack, .value = met_.yes};
}

/// The last thread of the block has come to the barrier, and goes on at once.
void BlockRunner::meet() {
    sanitizer_acquire(&arrivals_);
    met_ = {.yes = arrivals_.yes, .ns = arrivals_.latest_ns};
    if (arrivals_.barrier == State::at_grid_barrier) met_.ns = wait_for_grid(met_.ns);
    // Not by way of the arrivals: who goes on early arrives at the next barrier before who goes on late has left this one,
    // and what it did between the two would seem ordered.
    sanitizer_release(&met_);
    current().elapsed_ns = met_.ns;
    ready_ = arrivals_.waiting;  // all others: none was ready
    arrivals_ = {};
}

/// The thread of the machine may wait: all threads of this block have come. Returns the grid's time of the meeting, since
/// this block's beginning.
std::int64_t BlockRunner::wait_for_grid(std::int64_t elapsed_ns) {
    const auto meeting = launch_.grid_barrier->wait(launch_.place.begin_ns + elapsed_ns);
    if (meeting.outcome == GridBarrier::Outcome::block_ended) {
        std::string words = "grid sync at " + arrivals_.site.text() + " not reached by block " +
                            std::to_string(meeting.block) + " of the grid, which has ended";
        fail(std::move(words));
    }
    if (meeting.outcome == GridBarrier::Outcome::block_failed) {
        KernelFailure failure = failure_at(current(), "");
        failure.of_another_block = true;
        stop(std::move(failure));
    }
    return meeting.latest_ns - launch_.place.begin_ns;
}

Resumption BlockRunner::next(Turn turn) {
    const bool fresh_first = turn == Turn::of_fresh && next_ < count_;
    return ready_.empty() || fresh_first ? begin_or_end() : resume_first_ready();
}

Resumption BlockRunner::resume_first_ready() {
    Thread& thread = ready_.pop();
    if (!ready_.empty()) ready_.first().fiber->prefetch();
    use(*thread.fiber);
    running_.thread = &thread;
    if (thread.at_barrier()) {
        sanitizer_acquire(&met_);
        thread.elapsed_ns = met_.ns;
    }
    return {.stack = here_->suspended, .value = met_.yes};
}

/// A thread that was not begun gets a fiber, which begins it; where there is none, all have exited, or none can go on.
Resumption BlockRunner::begin_or_end() {
    if (next_ == count_) {
        use(caller_);
    } else if (idle_.empty()) {
        use(add_fiber());
    } else {
        use(*idle_.back());
        idle_.pop_back();
    }
    return {.stack = here_->suspended, .value = 0};
}

/// To the sanitizers it is another stack at once, to the machine when the decision is carried out.
void BlockRunner::use(ExecutionContext& context) {
    if (&context == here_) return;
    announce_switch(*here_, context);
    here_ = &context;
}

void BlockRunner::sleep(std::int64_t ns) {
    Thread& self = current();
    self.elapsed_ns += ns;
    if (ready_.empty() && next_ == count_) return;
    self.state = State::asleep;
    ready_.push(self);
    suspend(Turn::of_fresh);
}

}  // namespace passbench::emulation

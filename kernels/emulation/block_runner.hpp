// Runs the threads of one block, on the calling thread of the machine. A fiber runs thread after thread until one waits at
// a barrier; only then another fiber is begun, so that a kernel without barriers costs a function call a thread. What the
// programming guide calls undefined and a card answers with a hang or with silence is found and named here: a __syncthreads
// that not all threads reach, lanes that disagree about a mask, an access outside of all memory.
#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernels/emulation/device_thread.hpp"
#include "kernels/emulation/fiber.hpp"
#include "kernels/emulation/grid_barrier.hpp"
#include "kernels/emulation/kernel_entry.hpp"

namespace passbench::emulation {

struct KernelFailure {
    std::uint64_t block = 0;  // number of the block in its grid
    uint3 block_index = {};
    uint3 thread_index = {};
    std::optional<std::uintptr_t> address;      // of a bad access; nullopt for everything else
    std::optional<std::uintptr_t> instruction;  // that raised a signal; nullopt for everything else
    std::string words;
    bool of_another_block = false;  // it could not go on because another one has failed
};

struct BlockLaunch {
    const KernelEntry* kernel;
    const std::byte* parameters;
    BlockPlace place;  // but for dynamic_shared, which the runner owns
    unsigned dynamic_shared_bytes;
    GridBarrier* grid_barrier;  // null unless the launch is cooperative
};

/// What a lane brings to a warp operation (device_thread.hpp).
struct WarpCall {
    WarpOperation operation;
    unsigned mask;
    std::uint64_t value;
    unsigned source;                   // of a shuffle
    const WarpCollective* collective;  // null for all other operations
};

struct BlockOutcome {
    std::int64_t elapsed_ns = 0;  // virtual, of the slowest thread
    std::optional<KernelFailure> failure;
};

class BlockRunner {
public:
    BlockRunner();
    ~BlockRunner();
    BlockRunner(const BlockRunner&) = delete;
    BlockRunner& operator=(const BlockRunner&) = delete;

    [[nodiscard]] BlockOutcome run(const BlockLaunch& launch);

    // What the running CUDA thread calls, by way of device_thread.hpp.
    /// How many of the block's threads came with a `yes`. These two end with passbench_suspend, for the reason given there.
    static std::uint64_t block_barrier(bool yes, const CallSite& site) {
        return passbench_suspend(yes ? 1 : 0, &site, &decide_at_block_barrier);
    }
    static void grid_barrier(const CallSite& site) { passbench_suspend(0, &site, &decide_at_grid_barrier); }
    [[nodiscard]] bool cooperative() const { return launch_.grid_barrier != nullptr; }
    std::uint64_t exchange(const WarpCall& call, const CallSite& site);
    void sleep(std::int64_t ns);
    /// The CUDA thread is left where it is: no temporary of the call is destroyed, so `words` is made before and moved in.
    [[noreturn]] void fail(std::string words);

    /// Called in a signal handler: whether the signal came from a CUDA thread; if so, returning from the handler ends it.
    bool take_signal(int signal, const siginfo_t& info, void* machine_context);

private:
    /// Why a thread does not run; asked when it goes on, and when none can.
    enum class State : std::uint8_t { at_block_barrier, at_grid_barrier, at_warp_operation, asleep, exited };

    /// What is touched whenever a thread stops and goes on: one line of the cache.
    struct alignas(64) Thread : DeviceThread {
        Fiber* fiber;
        Thread* next;          // in the queue that it is in
        const CallSite* site;  // of what it waits for; on its stack
        State state;

        [[nodiscard]] bool at_barrier() const { return state <= State::at_grid_barrier; }
    };

    /// What a lane gives to a warp operation and gets from it.
    struct WarpSlot {
        WarpCall call;
        std::uint64_t result;
    };

    /// For the thread sanitizer: lanes tell what they did at one place before a warp operation, at the other one before the
    /// next, so that who goes on late does not learn what others have done since.
    struct WarpOrder {
        std::uint64_t operations = 0;  // that were completed
        std::uint64_t places[2] = {};

        [[nodiscard]] void* place() { return &places[operations % 2]; }
    };

    class Queue {
    public:
        [[nodiscard]] bool empty() const { return first_ == nullptr; }
        [[nodiscard]] const Thread& first() const { return *first_; }
        void push(Thread& thread) {
            thread.next = nullptr;
            (first_ == nullptr ? first_ : last_->next) = &thread;
            last_ = &thread;
        }
        void push_first(Thread& thread) {
            if (first_ == nullptr) last_ = &thread;
            thread.next = first_;
            first_ = &thread;
        }
        Thread& pop() { return *std::exchange(first_, first_->next); }

    private:
        Thread* first_ = nullptr;
        Thread* last_ = nullptr;
    };

    /// Those who have come to a barrier and wait for the rest of the block.
    struct Arrivals {
        unsigned count = 0;
        State barrier = State::at_block_barrier;  // of the first of them,
        CallSite site;                            // and where it is
        bool differ = false;                      // from the first one
        std::uint64_t yes = 0;
        std::int64_t latest_ns = 0;
        Queue waiting;  // the latest first, whose stacks are still near when all go on
    };

    /// What all learn at a barrier.
    struct Meeting {
        std::uint64_t yes = 0;
        std::int64_t ns = 0;
    };

    /// Whose turn it is, where there are both: threads that were begun and are ready, or those that were not begun.
    enum class Turn : std::uint64_t { of_begun, of_fresh };

    static constexpr std::size_t warps_most = most_threads_a_block / warp_threads;
    static constexpr std::size_t guard_bytes = 4096;  // a page

    void prepare(const BlockLaunch& launch);
    Fiber& add_fiber();
    static void fiber_main(Fiber& self, void* owner);
    [[gnu::noinline]] void run_threads(Fiber& self);
    void run_next_thread(Fiber& self);
    void leave_thread(Thread& thread);
    [[nodiscard]] Thread& current() { return static_cast<Thread&>(*running_.thread); }

    // Who goes on; what begins with decide is called by passbench_suspend.
    void suspend(Turn turn);
    static Resumption decide_turn(std::uint64_t turn, const void* none, void* stack);
    static Resumption decide_at_block_barrier(std::uint64_t yes, const void* site, void* stack);
    static Resumption decide_at_grid_barrier(std::uint64_t none, const void* site, void* stack);
    [[nodiscard]] Resumption arrive(State barrier, std::uint64_t yes, const CallSite& site, void* stack);
    [[gnu::noinline]] void meet();  // apart, as begin_or_end: what is rare costs registers in what is not
    [[nodiscard]] std::int64_t wait_for_grid(std::int64_t elapsed_ns);
    [[nodiscard]] Resumption next(Turn turn);
    [[nodiscard]] Resumption resume_first_ready();
    [[nodiscard, gnu::noinline]] Resumption begin_or_end();
    void use(ExecutionContext& context);

    // warp_operations.cpp
    [[nodiscard]] const WarpCall& call_of(const Thread& thread) const { return warp_slots_[thread.linear].call; }
    [[nodiscard]] bool meet(const Thread& thread, const Thread& other) const;
    [[nodiscard]] unsigned wanted_lanes(const Thread& thread) const;
    [[nodiscard]] bool warp_operation_complete(const Thread& thread) const;
    void complete_warp_operation(unsigned warp, unsigned lanes, const Thread* caller);
    void lane_left(const Thread& thread);
    [[nodiscard]] std::optional<KernelFailure> why_warp_stuck() const;

    // block_failures.cpp
    [[noreturn]] void stop(KernelFailure failure);
    [[nodiscard]] KernelFailure failure_at(const Thread& thread, std::string words) const;
    [[nodiscard]] KernelFailure why_stuck() const;
    static void land(BlockRunner* runner);
    [[nodiscard]] KernelFailure failure_of_signal();

    ExecutionContext caller_;
    std::vector<std::unique_ptr<Fiber>> fibers_;
    std::vector<Fiber*> idle_;   // begun or suspended at the end of a block, ready for threads
    std::vector<Fiber*> spent_;  // not for another thread of this block
    std::array<Thread, most_threads_a_block> threads_;
    std::array<WarpSlot, most_threads_a_block> warp_slots_;

    BlockLaunch launch_ = {};
    RunningBlock running_;
    ExecutionContext* here_ = nullptr;  // whose stack is in use
    unsigned count_ = 0;                // of threads
    unsigned next_ = 0;                 // the first thread that was not begun
    uint3 next_index_ = {};
    unsigned exited_ = 0;
    Queue ready_;
    Arrivals arrivals_;
    Meeting met_;                                    // the latest, from which threads go on
    std::array<unsigned, warps_most> alive_ = {};    // lanes that have not exited
    std::array<unsigned, warps_most> waiting_ = {};  // lanes in a warp operation
    std::array<WarpOrder, warps_most> warp_orders_ = {};
    std::int64_t longest_ns_ = 0;

    std::byte* shared_mapping_ = nullptr;
    std::optional<KernelFailure> failure_;
    /// Taken, and not yet told.
    struct Signal {
        int number = 0;
        std::uintptr_t address = 0;
        std::uintptr_t instruction = 0;
    };
    Signal signal_;
};

/// The runner whose block the calling thread runs; null outside. Signal handlers read it: on a thread that runs blocks, its
/// storage is there.
extern __thread BlockRunner* current_runner;

}  // namespace passbench::emulation

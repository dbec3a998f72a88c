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
    std::optional<std::uintptr_t> address;  // of a bad access; nullopt for everything else
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

enum class BarrierKind : std::uint8_t { block, grid };

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
    BlockVotes barrier(BarrierKind kind, bool predicate, const CallSite& site);
    [[nodiscard]] bool cooperative() const { return launch_.grid_barrier != nullptr; }
    std::uint64_t exchange(const WarpCall& call, const CallSite& site);
    void sleep(std::int64_t ns);
    /// The CUDA thread is left where it is: no temporary of the call is destroyed, so `words` is made before and moved in.
    [[noreturn]] void fail(std::string words, std::optional<std::uintptr_t> address);

    /// Called in a signal handler: whether the signal came from a CUDA thread; if so, returning from the handler ends it.
    bool take_signal(int signal, const siginfo_t& info, void* machine_context);

private:
    enum class State : std::uint8_t { running, ready, at_barrier, at_warp_operation, exited };

    struct Thread {
        DeviceThread device;
        State state;
        Fiber* fiber;
        CallSite site;        // of what it waits for
        BarrierKind barrier;  // if it is one
        WarpCall call;
        std::uint64_t result;
    };

    static constexpr std::size_t warps_most = most_threads_a_block / warp_threads;

    static void fiber_main(Fiber& self, void* owner);
    [[gnu::noinline]] void run_threads(Fiber& self);
    void run_next_thread(Fiber& self);
    void leave_thread(Thread& thread);
    void prepare(const BlockLaunch& launch);
    [[nodiscard]] ExecutionContext& next_context(bool fresh_first);
    void suspend(Thread& thread, bool fresh_first);
    void make_ready(Thread& thread);
    [[nodiscard]] Thread& current() { return *running_; }
    [[nodiscard]] std::int64_t wait_for_grid(std::int64_t elapsed_ns, const CallSite& site);
    static bool same_barrier(const Thread& thread, const Thread& other);
    [[noreturn]] void stop(KernelFailure failure);
    // warp_operations.cpp
    static bool meet(const Thread& thread, const Thread& other);
    [[nodiscard]] unsigned wanted_lanes(const Thread& thread) const;
    [[nodiscard]] bool warp_operation_complete(const Thread& thread) const;
    void complete_warp_operation(unsigned warp, unsigned lanes, const Thread* caller);
    void lane_left(const Thread& thread);
    [[nodiscard]] std::optional<KernelFailure> why_warp_stuck() const;

    [[nodiscard]] KernelFailure failure_at(const Thread& thread, std::string words) const;
    [[nodiscard]] KernelFailure why_stuck() const;
    static void land(BlockRunner* runner);

    ExecutionContext caller_;
    std::vector<std::unique_ptr<Fiber>> fibers_;
    std::vector<Fiber*> idle_;   // begun or suspended at the end of a block, ready for threads
    std::vector<Fiber*> spent_;  // not for another thread of this block
    std::array<Thread, most_threads_a_block> threads_;
    std::array<Thread*, most_threads_a_block> ready_;  // a ring
    unsigned ready_first_ = 0;
    unsigned ready_count_ = 0;
    Thread* running_ = nullptr;
    Fiber* running_fiber_ = nullptr;
    DeviceThread* running_device_ = nullptr;

    BlockLaunch launch_ = {};
    unsigned count_ = 0;  // of threads
    unsigned next_ = 0;   // the first thread that was not begun
    uint3 next_index_ = {};
    unsigned exited_ = 0;
    unsigned arrived_ = 0;  // at the barrier of the block
    unsigned yes_ = 0;
    const Thread* first_at_barrier_ = nullptr;
    bool barriers_differ_ = false;
    std::array<unsigned, warps_most> alive_ = {};    // lanes that have not exited
    std::array<unsigned, warps_most> waiting_ = {};  // lanes in a warp operation
    std::int64_t longest_ns_ = 0;

    std::byte* shared_mapping_ = nullptr;
    std::optional<KernelFailure> failure_;
    int signal_ = 0;  // taken, and not yet told
    std::uintptr_t signal_address_ = 0;
};

/// The runner whose block the calling thread runs; null outside. Signal handlers read it: on a thread that runs blocks, its
/// storage is there.
extern __thread BlockRunner* current_runner;

/// Dynamic shared memory that a block may have: what a card of compute capability 7.5 gives to a kernel that asks for it.
inline constexpr unsigned most_shared_bytes = 64U << 10;

}  // namespace passbench::emulation

#include "harness/core/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>
#include <utility>

#include "harness/core/address_wait.hpp"
#include "harness/core/clock.hpp"
#include "harness/core/cpu_mask.hpp"

namespace passbench {

namespace {

// Long enough that threads stay awake between two iterations of a timed loop, short enough that an idle pool takes no CPU.
constexpr std::int64_t spin_ns = 50'000;
constexpr int polls_per_clock_read = 64;
constexpr std::size_t cache_line_bytes = 64;

/// Returns the value of `counter` once it is no longer `old`.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& counter, std::uint32_t old) {
    const std::int64_t until = steady_ns() + spin_ns;
    do {
        for (int poll = 0; poll < polls_per_clock_read; ++poll) {
            const std::uint32_t now = counter.load(std::memory_order_acquire);
            if (now != old) return now;
            __builtin_ia32_pause();
        }
    } while (steady_ns() < until);
    while (true) {
        sleep_while(counter, old);
        const std::uint32_t now = counter.load(std::memory_order_acquire);
        if (now != old) return now;
    }
}

void bump(std::atomic<std::uint32_t>& counter) {
    counter.fetch_add(1, std::memory_order_release);
    wake_one(counter);
}

bool pin_this_thread(int cpu) { return CpuMask({cpu}).apply(); }

}  // namespace

struct ThreadPool::State {
    /// Where one worker waits; a cache line of its own, so that waiting disturbs nobody else.
    struct alignas(cache_line_bytes) Mailbox {
        std::atomic<std::uint32_t> tickets = 0;
    };

    explicit State(std::vector<int> wanted)
        : cpus(std::move(wanted)),
          callers_mask(CpuMask::of_this_thread()),
          mailboxes(std::make_unique<Mailbox[]>(cpus.size())) {}

    void serve(int worker) {
        if (!pin_this_thread(cpus[static_cast<std::size_t>(worker)])) all_pinned = false;
        finish_one();
        std::uint32_t seen = 0;
        while (true) {
            seen = wait_for_change(mailboxes[static_cast<std::size_t>(worker)].tickets, seen);
            if (stopping) return;
            (*work)(worker);
            finish_one();
        }
    }

    void finish_one() {
        if (unfinished.fetch_sub(1, std::memory_order_acq_rel) == 1) bump(rounds);
    }

    const std::vector<int> cpus;
    const CpuMask callers_mask;
    const std::unique_ptr<Mailbox[]> mailboxes;
    std::atomic<bool> all_pinned = true;
    // Written by the caller before a ticket is handed out, read by workers after they saw it.
    const std::function<void(int)>* work = nullptr;
    bool stopping = false;
    alignas(cache_line_bytes) std::atomic<int> unfinished = 0;
    alignas(cache_line_bytes) std::atomic<std::uint32_t> rounds = 0;
    std::vector<std::jthread> threads;
};

ThreadPool::ThreadPool(std::vector<int> cpus) : state_(std::make_unique<State>(std::move(cpus))) {
    assert(!state_->cpus.empty());
    const int others = size() - 1;
    state_->unfinished = others;
    for (int worker = 1; worker <= others; ++worker) {
        state_->threads.emplace_back([state = state_.get(), worker] { state->serve(worker); });
    }
    if (!pin_this_thread(state_->cpus.front())) state_->all_pinned = false;
    if (others > 0) wait_for_change(state_->rounds, 0);
}

ThreadPool::~ThreadPool() {
    state_->stopping = true;
    for (int worker = 1; worker < size(); ++worker) bump(state_->mailboxes[static_cast<std::size_t>(worker)].tickets);
    state_->threads.clear();
    static_cast<void>(state_->callers_mask.apply());  // a CPU that went away meanwhile is nothing to act on
}

int ThreadPool::size() const { return static_cast<int>(state_->cpus.size()); }

const std::vector<int>& ThreadPool::cpus() const { return state_->cpus; }

bool ThreadPool::pinned() const { return state_->all_pinned; }

void ThreadPool::run(const std::function<void(int worker)>& work) { run(size(), work); }

void ThreadPool::run(int workers, const std::function<void(int worker)>& work) {
    assert(workers >= 1 && workers <= size());
    if (workers == 1) {
        work(0);
        return;
    }
    const std::uint32_t round = state_->rounds.load(std::memory_order_relaxed);
    state_->work = &work;
    state_->unfinished.store(workers - 1, std::memory_order_relaxed);
    for (int worker = 1; worker < workers; ++worker) bump(state_->mailboxes[static_cast<std::size_t>(worker)].tickets);
    work(0);
    wait_for_change(state_->rounds, round);
}

struct MayRunOn::State {
    CpuMask callers_mask = CpuMask::of_this_thread();
};

MayRunOn::MayRunOn(std::span<const int> cpus) : state_(std::make_unique<State>()) {
    assert(!cpus.empty());
    static_cast<void>(CpuMask({cpus.begin(), cpus.end()})
                          .apply());  // refused where these CPUs are not the process's: then the mask stays as it is
}

MayRunOn::~MayRunOn() { static_cast<void>(state_->callers_mask.apply()); }

Share share_of(std::size_t count, int worker, int workers, std::size_t grain) {
    assert(grain > 0 && worker >= 0 && worker < workers);
    const auto index = static_cast<std::size_t>(worker);
    const auto total = static_cast<std::size_t>(workers);
    const std::size_t grains = count / grain + (count % grain != 0 ? 1 : 0);
    // floor(grains * k / total) without overflow; the last share then has the most grains, so a short tail falls to it.
    const auto first_grain = [&](std::size_t k) { return grains / total * k + grains % total * k / total; };
    return {.begin = std::min(count, first_grain(index) * grain),
            .end = std::min(count, first_grain(index + 1) * grain)};
}

std::vector<int> usable_cpus() { return CpuMask::of_this_thread().list(); }

}  // namespace passbench

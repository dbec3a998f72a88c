// Two threads that take turns, many times an iteration: the pool hands over the loop once, and the turns then go by tickets of
// their own, one cache line each way. The ways in which a thread waits for its ticket are channels.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#ifndef _WIN32
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/futex.h>
#endif

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {

inline constexpr std::size_t channel_bytes = 64;  // a cache line, so that neither side touches the other's by chance

/// Reads until the ticket is no longer `old`.
class alignas(channel_bytes) SpinChannel {
public:
    [[nodiscard]] std::uint32_t last() const { return ticket_.load(std::memory_order_relaxed); }
    std::uint32_t wait(std::uint32_t old) {
        while (true) {
            const std::uint32_t now = ticket_.load(std::memory_order_acquire);
            if (now != old) return now;
        }
    }
    void post(std::uint32_t value) { ticket_.store(value, std::memory_order_release); }

private:
    std::atomic<std::uint32_t> ticket_ = 0;
};

/// Sleeps on a condition variable, as most programs do.
class alignas(channel_bytes) ConditionChannel {
public:
    [[nodiscard]] std::uint32_t last() {
        const std::lock_guard lock(mutex_);
        return ticket_;
    }
    std::uint32_t wait(std::uint32_t old) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ticket_ != old; });
        return ticket_;
    }
    void post(std::uint32_t value) {
        {
            const std::lock_guard lock(mutex_);
            ticket_ = value;
        }
        changed_.notify_one();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint32_t ticket_ = 0;
};

#ifdef _WIN32
// No call of Windows' says whether somebody was asleep to be woken: who asks for this channel is told so before.
inline constexpr bool has_futex = false;
using FutexChannel = ConditionChannel;
#else
inline constexpr bool has_futex = true;
/// Sleeps in the kernel. By futex itself: std::atomic::wait spins a while before it sleeps.
class alignas(channel_bytes) FutexChannel {
public:
    [[nodiscard]] std::uint32_t last() const { return ticket_.load(std::memory_order_relaxed); }
    /// Always sleeps, for the ticket changes only after a sleeper was woken: a look at it before sleeping would let two quick
    /// threads meet without the kernel, and what is measured would be one thing today and another tomorrow.
    std::uint32_t wait(std::uint32_t old) {
        while (syscall(SYS_futex, &ticket_, FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0) != 0) {
        }
        while (true) {  // the sleeper may be up before the new ticket is visible
            const std::uint32_t now = ticket_.load(std::memory_order_acquire);
            if (now != old) return now;
        }
    }
    /// Wakes until somebody was asleep to be woken.
    void post(std::uint32_t value) {
        while (syscall(SYS_futex, &ticket_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0) != 1) {
        }
        ticket_.store(value, std::memory_order_release);
    }

private:
    std::atomic<std::uint32_t> ticket_ = 0;
    static_assert(sizeof(ticket_) == sizeof(std::uint32_t) && std::atomic<std::uint32_t>::is_always_lock_free);
};
#endif

/// Where a case asks for FutexChannel on a system without futexes.
[[nodiscard]] inline Error no_futex(std::string_view workload) {
    return {.code = ErrorCode::unsupported,
            .what = std::string(workload) + " by futex is a call of Linux, and this is Windows",
            .where = {},
            .fix = "Leave this case out of the scenario, or compare it between Linux guests."};
}

/// What one side has seen of the other.
struct PingPongReceipt {
    std::int64_t rounds = 0;
    std::int64_t ticket = 0;  // the last one
    bool operator==(const PingPongReceipt&) const = default;
};

/// The first two workers of a pool. The pool must outlive it.
template <typename Channel>
class PingPong {
public:
    PingPong(ThreadPool& pool, std::int64_t rounds)
        : pool_(pool), rounds_(rounds), work_([this](int worker) { worker == 0 ? ask() : answer(); }) {}
    PingPong(const PingPong&) = delete;
    PingPong& operator=(const PingPong&) = delete;

    static constexpr int workers = 2;

    /// There and back, `rounds` times.
    void run() { pool_.run(workers, work_); }

    /// Counts anew from here.
    void forget() {
        answered_ = {};
        asked_ = {.rounds = 0, .ticket = asked_.ticket};
    }
    /// Of the answering thread; to be changed by tests alone.
    [[nodiscard]] PingPongReceipt& answered() { return answered_; }
    [[nodiscard]] const PingPongReceipt& answered() const { return answered_; }
    /// What it has to be.
    [[nodiscard]] const PingPongReceipt& asked() const { return asked_; }

private:
    void ask() {
        std::uint32_t ticket = back_.last();
        for (std::int64_t round = 0; round < rounds_; ++round) {
            there_.post(ticket + 1);
            ticket = back_.wait(ticket);
        }
        asked_.rounds += rounds_;
        asked_.ticket = ticket;
    }
    void answer() {
        // Nothing of this run has been answered yet, so what goes back tells which ticket was the last before.
        std::uint32_t ticket = back_.last();
        for (std::int64_t round = 0; round < rounds_; ++round) {
            ticket = there_.wait(ticket);
            ++answered_.rounds;
            answered_.ticket = ticket;
            back_.post(ticket);
        }
    }

    ThreadPool& pool_;
    const std::int64_t rounds_;
    Channel there_;
    Channel back_;
    alignas(channel_bytes) PingPongReceipt answered_;  // the answering thread's
    alignas(channel_bytes) PingPongReceipt asked_;     // the caller's
    const std::function<void(int)> work_;
};

}  // namespace passbench

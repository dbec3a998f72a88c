// dispatch: a task goes to a thread that waits and comes back, many times an iteration: the pool hands over the loop once, and
// the tasks then go by tickets of their own, one cache line each way.
#include <atomic>
#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/core.h>
#include <linux/futex.h>

#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;
constexpr int worker_threads = 2;

using Ticket = std::atomic<std::uint32_t>;
static_assert(sizeof(Ticket) == sizeof(std::uint32_t) && Ticket::is_always_lock_free);

/// Reads until the ticket is no longer `old`.
struct Spin {
    // About 0.1 ms, so that entering and leaving the loop is under a per cent.
    static constexpr std::int64_t tasks_an_iteration = 1000;
    static std::uint32_t wait(const Ticket& ticket, std::uint32_t old) {
        while (true) {
            const std::uint32_t now = ticket.load(std::memory_order_acquire);
            if (now != old) return now;
        }
    }
    static void post(Ticket& ticket, std::uint32_t value) { ticket.store(value, std::memory_order_release); }
};

/// Sleeps in the kernel. By futex itself: std::atomic::wait spins a while before it sleeps.
struct Block {
    static constexpr std::int64_t tasks_an_iteration = 100;
    /// Always sleeps, for the ticket changes only after a sleeper was woken: a look at it before sleeping would let two quick
    /// threads meet without the kernel, and what is measured would be one thing today and another tomorrow.
    static std::uint32_t wait(const Ticket& ticket, std::uint32_t old) {
        while (syscall(SYS_futex, &ticket, FUTEX_WAIT_PRIVATE, old, nullptr, nullptr, 0) != 0) {
        }
        return Spin::wait(ticket, old);  // the sleeper may be up before the new ticket is visible
    }
    /// Wakes until somebody was asleep to be woken.
    static void post(Ticket& ticket, std::uint32_t value) {
        while (syscall(SYS_futex, &ticket, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0) != 1) {
        }
        ticket.store(value, std::memory_order_release);
    }
};

template <typename Wait>
class DispatchInstance final : public WorkloadInstance {
public:
    explicit DispatchInstance(ThreadPool& pool)
        : pool_(pool), work_([this](int worker) { worker == 0 ? hand_out() : serve(); }) {}

    void iterate() override { pool_.run(worker_threads, work_); }
    [[nodiscard]] std::int64_t ops() const override { return Wait::tasks_an_iteration; }
    [[nodiscard]] int threads() const override { return worker_threads; }
    [[nodiscard]] std::string isa() const override { return "x86-64"; }

    [[nodiscard]] Result<void> verify() override {
        receipt_ = {};
        expected_ = {.tasks = 0, .ticket = expected_.ticket};
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        if (receipt_ == expected_) return {};
        return fail(
            {.code = ErrorCode::verify_failed,
             .what = fmt::format("dispatch: the waiting thread did {} tasks up to ticket {} where {} up to ticket {} "
                                 "were handed out",
                                 receipt_.tasks, receipt_.ticket, expected_.tasks, expected_.ticket),
             .fix = "A processor that loses stores must not be measured: test it and try again."});
    }

    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(&receipt_, 1)); }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    struct Receipt {
        std::int64_t tasks = 0;
        std::int64_t ticket = 0;
        bool operator==(const Receipt&) const = default;
    };
    struct alignas(line_bytes) Line {
        Ticket ticket = 0;
    };

    void hand_out() {
        std::uint32_t ticket = reply_.ticket.load(std::memory_order_relaxed);
        for (std::int64_t task = 0; task < Wait::tasks_an_iteration; ++task) {
            Wait::post(request_.ticket, ticket + 1);
            ticket = Wait::wait(reply_.ticket, ticket);
        }
        expected_.tasks += Wait::tasks_an_iteration;
        expected_.ticket = ticket;
    }

    void serve() {
        // No task of this iteration has been answered yet, so the reply tells which one was the last before.
        std::uint32_t ticket = reply_.ticket.load(std::memory_order_relaxed);
        for (std::int64_t task = 0; task < Wait::tasks_an_iteration; ++task) {
            ticket = Wait::wait(request_.ticket, ticket);
            ++receipt_.tasks;
            receipt_.ticket = ticket;
            Wait::post(reply_.ticket, ticket);
        }
    }

    ThreadPool& pool_;
    Line request_;
    Line reply_;
    alignas(line_bytes) Receipt receipt_;   // the waiting thread's
    alignas(line_bytes) Receipt expected_;  // the caller's
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_dispatch(const Parameters& parameters, const InstanceContext& context) {
    if (context.pool.size() < worker_threads) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "dispatch needs two CPUs, and this trial may use one",
                     .fix = "Give the machine a second CPU, or leave dispatch out of the scenario."});
    }
    if (word_of(parameters, "wait") == "spin") return std::make_unique<DispatchInstance<Spin>>(context.pool);
    return std::make_unique<DispatchInstance<Block>>(context.pool);
}

}  // namespace passbench

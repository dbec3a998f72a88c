// dispatch: a task goes to a thread that waits and comes back.
#include <cstdint>

#include <fmt/core.h>

#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/ping_pong.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

// About 0.1 ms when both spin, so that entering and leaving the loop is under a per cent.
constexpr std::int64_t tasks_when_spinning = 1000;
constexpr std::int64_t tasks_when_sleeping = 100;

template <typename Channel>
class DispatchInstance final : public WorkloadInstance {
public:
    DispatchInstance(ThreadPool& pool, std::int64_t tasks) : tasks_(tasks), threads_(pool, tasks) {}

    void iterate() override { threads_.run(); }
    [[nodiscard]] std::int64_t ops() const override { return tasks_; }
    [[nodiscard]] int threads() const override { return PingPong<Channel>::workers; }
    [[nodiscard]] std::string isa() const override { return "x86-64"; }

    [[nodiscard]] Result<void> verify() override {
        threads_.forget();
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        const PingPongReceipt& done = threads_.answered();
        const PingPongReceipt& handed = threads_.asked();
        if (done == handed) return {};
        return fail(
            {.code = ErrorCode::verify_failed,
             .what = fmt::format("dispatch: the waiting thread did {} tasks up to ticket {} where {} up to ticket {} "
                                 "were handed out",
                                 done.rounds, done.ticket, handed.rounds, handed.ticket),
             .fix = "A processor that loses stores must not be measured: test it and try again."});
    }

    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&threads_.answered(), 1));
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    const std::int64_t tasks_;
    PingPong<Channel> threads_;
};

}  // namespace

PreparedCase prepare_dispatch(const Parameters& parameters, const InstanceContext& context) {
    if (context.pool.size() < PingPong<SpinChannel>::workers) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "dispatch needs two CPUs, and this trial may use one",
                     .fix = "Give the machine a second CPU, or leave dispatch out of the scenario."});
    }
    if (word_of(parameters, "wait") == "spin")
        return std::make_unique<DispatchInstance<SpinChannel>>(context.pool, tasks_when_spinning);
    if (!has_futex) return fail(no_futex("dispatch to a sleeping thread"));
    return std::make_unique<DispatchInstance<FutexChannel>>(context.pool, tasks_when_sleeping);
}

}  // namespace passbench

// event: two threads that take turns, each asleep until the other wakes it.
#include <cstdint>

#include <fmt/core.h>

#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/ping_pong.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::int64_t rounds_an_iteration = 100;
constexpr std::int64_t turns_a_round = 2;  // there and back

template <typename Channel>
class EventInstance final : public WorkloadInstance {
public:
    explicit EventInstance(ThreadPool& pool) : threads_(pool, rounds_an_iteration) {}

    void iterate() override { threads_.run(); }
    [[nodiscard]] std::int64_t ops() const override { return rounds_an_iteration * turns_a_round; }
    [[nodiscard]] int threads() const override { return PingPong<Channel>::workers; }
    [[nodiscard]] std::string isa() const override { return "x86-64"; }

    [[nodiscard]] Result<void> verify() override {
        threads_.forget();
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        const PingPongReceipt& taken = threads_.answered();
        const PingPongReceipt& handed = threads_.asked();
        if (taken == handed) return {};
        return fail(
            {.code = ErrorCode::verify_failed,
             .what = fmt::format("event: the other thread took {} turns up to number {} where {} up to number {} "
                                 "were handed over",
                                 taken.rounds, taken.ticket, handed.rounds, handed.ticket),
             .fix = "A processor that loses stores must not be measured: test it and try again."});
    }

    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&threads_.answered(), 1));
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    PingPong<Channel> threads_;
};

}  // namespace

PreparedCase prepare_event(const Parameters& parameters, const InstanceContext& context) {
    if (context.pool.size() < PingPong<FutexChannel>::workers) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "event needs two CPUs, and this trial may use one",
                     .fix = "Give the machine a second CPU, or leave the cpu form of event out of the scenario."});
    }
    const bool by_futex = word_of(parameters, "method") == "futex";
    if (by_futex && !has_futex) return fail(no_futex("event"));
    if (by_futex) return std::make_unique<EventInstance<FutexChannel>>(context.pool);
    return std::make_unique<EventInstance<ConditionChannel>>(context.pool);
}

}  // namespace passbench

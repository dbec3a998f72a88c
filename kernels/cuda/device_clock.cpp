#include "kernels/cuda/device_clock.hpp"

#include <atomic>
#include <new>
#include <optional>
#include <thread>

#include <fmt/core.h>

#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

constexpr Grid one_thread = {.blocks = 1, .threads = 1};
constexpr unsigned long long device_patience_ns = 500'000'000;  // under GPU-PV no kernel may run for a second
constexpr std::int64_t host_patience_ns = 1'000'000'000;
constexpr unsigned long long span_ns = 12'000'000;       // 10 ms and a little
constexpr unsigned long long most_cycles = 200'000'000;  // 12 ms at any clock, and under a second at the slowest
constexpr int tries = 3;                                 // a clock may be set in the middle of an exchange

/// What the device writes there; nothing where it does not in time. As a spinning wait: giving the processor away would be seen in
/// the answer, unless the device has none of its own to answer with.
std::optional<std::uint64_t> await(std::uint64_t& place) {
    constexpr int looks_without_pause = 4096;
    const std::atomic_ref<std::uint64_t> answer(place);
    const std::int64_t until_ns = steady_ns() + host_patience_ns;
    do {
        for (int look = 0; look < looks_without_pause; ++look) {
            if (const std::uint64_t value = answer.load(std::memory_order_acquire); value != 0) return value;
        }
        std::this_thread::yield();
    } while (steady_ns() < until_ns);
    return std::nullopt;
}

Error no_answer(std::string why) {
    return {.code = ErrorCode::timeout,
            .what = "the device does not answer through mapped memory: " + std::move(why),
            .fix = "Is another program using the device, or is its memory of the host restricted (WSL2)?"};
}

}  // namespace

Result<DeviceClock> DeviceClock::open(const Gpu& gpu) {
    DeviceClock clock(gpu);
    auto mail = gpu.allocate_mapped(sizeof(ClockMail));
    if (!mail) {
        Error error = std::move(mail).error();
        error.code = ErrorCode::unsupported;
        return fail(std::move(error));
    }
    clock.mail_ = *std::move(mail);
    if (clock.mail_.bytes().data() == nullptr) {
        return fail(
            {.code = ErrorCode::unsupported, .what = "the driver gives no memory where mapped memory was asked for"});
    }
    PASSBENCH_TRY(clock.module_, gpu.load(device_clock_image()));
    PASSBENCH_TRY(clock.exchange_, (gpu.kernel<CUdeviceptr, unsigned long long>(clock.module_, "clock_exchange")));
    PASSBENCH_TRY(clock.span_,
                  (gpu.kernel<CUdeviceptr, unsigned long long, unsigned long long>(clock.module_, "clock_span")));
    PASSBENCH_TRY(clock.stream_, gpu.make_stream());
    PASSBENCH_TRY(clock.span_memory_, gpu.allocate(sizeof(TimerSpan)));
    PASSBENCH_CHECK(
        clock
            .read_timers());  // without the tick, answers contradict each other; a timer that stands still ends nothing
    if (auto first = clock.compare(); !first) {
        Error error = std::move(first).error();
        if (error.code == ErrorCode::timeout) error.code = ErrorCode::unsupported;
        return fail(std::move(error));
    }
    return clock;
}

Result<ClockOffset> DeviceClock::compare() {
    for (int attempt = 1;; ++attempt) {
        auto questions = ask();
        if (questions) {
            if (const auto offset = clock_offset(*questions, timers_.tick_ns)) return *offset;
            questions = fail(no_answer("its answers contradict each other"));
        }
        if (attempt == tries || questions.error().code != ErrorCode::timeout) return fail(std::move(questions).error());
    }
}

Result<std::vector<ClockQuestion>> DeviceClock::ask() {
    const DriverCalls& calls = gpu_->calls();
    const WallClock now = gpu_->driver().clock();
    ClockMail& letters = *new (&mail()) ClockMail{};
    PASSBENCH_CHECK(gpu_->check(exchange_.launch(stream_, one_thread, mail_.address(), device_patience_ns),
                                "launching the exchange of clocks"));
    // Asking hands over what a driver keeps back to send more at once (WDDM, GPU-PV): nothing else is called before the answers.
    if (const CUresult begun = calls.cuStreamQuery(stream_.get()); begun != CUDA_ERROR_NOT_READY) {
        PASSBENCH_CHECK(gpu_->check(begun, "beginning the exchange of clocks"));
        return fail(no_answer("a kernel that has to wait for the host has ended at once"));
    }
    std::vector<ClockQuestion> questions(clock_rounds);
    for (unsigned round = 0; round < clock_rounds; ++round) {
        questions[round].asked_ns = now();
        std::atomic_ref(letters.request).store(round + 1, std::memory_order_release);
        const auto answer = await(letters.answers[round]);
        if (!answer) {
            calls.cuStreamSynchronize(stream_.get());
            return fail(no_answer(fmt::format("nothing came in {} ms", host_patience_ns / 1'000'000)));
        }
        questions[round].answered_ns = now();
        questions[round].other_ns = static_cast<std::int64_t>(*answer);
    }
    PASSBENCH_CHECK(gpu_->check(calls.cuStreamSynchronize(stream_.get()), "ending the exchange of clocks"));
    return questions;
}

Result<DeviceTimers> DeviceClock::read_timers() {
    PASSBENCH_CHECK(gpu_->check(span_.launch(stream_, one_thread, span_memory_.address(), span_ns, most_cycles),
                                "launching the reading of the device's timers"));
    PASSBENCH_CHECK(gpu_->check(gpu_->calls().cuStreamSynchronize(stream_.get()), "reading the device's timers"));
    TimerSpan span{};
    PASSBENCH_CHECK(gpu_->download(std::as_writable_bytes(std::span(&span, 1)), span_memory_));
    if (span.ns < span_ns || span.cycles == 0) {
        return fail(
            {.code = ErrorCode::unsupported, .what = "the global timer of the device does not move as it should"});
    }
    timers_ = {.tick_ns = static_cast<std::int64_t>(span.smallest_step_ns),
               .ns_a_cycle = static_cast<double>(span.ns) / static_cast<double>(span.cycles)};
    return timers_;
}

}  // namespace passbench

// Order of streams and events, and virtual time.
#include <atomic>
#include <chrono>
#include <cstddef>
#include <new>
#include <thread>
#include <utility>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

constexpr std::int64_t timer_ahead_ns = 7'000'000'000;  // of the cost model

CUstream make_stream(unsigned flags) {
    CUstream stream = nullptr;
    EXPECT_EQ(cuStreamCreate(&stream, flags), CUDA_SUCCESS);
    return stream;
}

CUevent make_event(unsigned flags = 0) {
    CUevent event = nullptr;
    EXPECT_EQ(cuEventCreate(&event, flags), CUDA_SUCCESS);
    return event;
}

class Streams : public StandIn {};

void CUDA_CB wait_for_flag(void* flag) { static_cast<std::atomic<bool>*>(flag)->wait(false); }

void release(std::atomic<bool>& flag) {
    flag = true;
    flag.notify_all();
}

TEST_F(Streams, RunTheirOperationsInOrder) {
    DeviceArray<float> values(std::vector<float>(64, 1.0F));
    CUstream stream = make_stream(CU_STREAM_NON_BLOCKING);
    for (int i = 0; i < 10; ++i) {
        PASSBENCH_CUDA_OK(launch("scale_f32", {.grid = {1}, .block = {64}, .stream = stream}, values.address(), 2.0F,
                                 std::size_t{64}));
    }
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream));
    EXPECT_EQ(values.get(), std::vector<float>(64, 1024.0F));
}

void CUDA_CB ask_the_driver(void* answer) {
    CUcontext context = nullptr;
    *static_cast<CUresult*>(answer) = cuCtxGetCurrent(&context);
}

TEST_F(Streams, LetNoHostFunctionCallTheDriver) {
    CUstream stream = make_stream(CU_STREAM_NON_BLOCKING);
    CUresult answer = CUDA_SUCCESS;
    PASSBENCH_CUDA_OK(cuLaunchHostFunc(stream, &ask_the_driver, &answer));
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream));  // by this thread, if it comes before the stream's
    EXPECT_EQ(answer, CUDA_ERROR_NOT_PERMITTED);
    answer = CUDA_SUCCESS;
    PASSBENCH_CUDA_OK(cuLaunchHostFunc(stream, &ask_the_driver, &answer));
    while (cuStreamQuery(stream) == CUDA_ERROR_NOT_READY) std::this_thread::yield();  // by the stream's
    EXPECT_EQ(answer, CUDA_ERROR_NOT_PERMITTED);
    CUcontext context = nullptr;
    PASSBENCH_CUDA_OK(cuCtxGetCurrent(&context));  // afterwards all is as before
}

TEST_F(Streams, ThatDoNotBlockGoTheirOwnWay) {
    std::atomic<bool> flag = false;
    CUstream held = make_stream(CU_STREAM_NON_BLOCKING);
    CUstream free = make_stream(CU_STREAM_NON_BLOCKING);
    PASSBENCH_CUDA_OK(cuLaunchHostFunc(held, &wait_for_flag, &flag));
    PASSBENCH_CUDA_OK(launch("empty_kernel", {.grid = {1}, .block = {1}, .stream = free}));
    PASSBENCH_CUDA_OK(cuStreamSynchronize(free));
    PASSBENCH_CUDA_OK(launch("empty_kernel", {.grid = {1}, .block = {1}}));  // the legacy stream does not wait for them
    PASSBENCH_CUDA_OK(cuStreamSynchronize(nullptr));
    EXPECT_EQ(cuStreamQuery(held), CUDA_ERROR_NOT_READY);
    release(flag);
    PASSBENCH_CUDA_OK(cuStreamSynchronize(held));
    EXPECT_EQ(cuStreamQuery(held), CUDA_SUCCESS);
}

TEST_F(Streams, ThatBlockAndTheLegacyStreamWaitForEachOther) {
    std::atomic<bool> flag = false;
    DeviceArray<float> values(std::vector<float>(1, 1.0F));
    CUstream first = make_stream(CU_STREAM_DEFAULT);
    CUstream second = make_stream(CU_STREAM_DEFAULT);
    PASSBENCH_CUDA_OK(cuLaunchHostFunc(first, &wait_for_flag, &flag));
    PASSBENCH_CUDA_OK(launch("scale_f32", {.grid = {1}, .block = {1}}, values.address(), 2.0F, std::size_t{1}));
    CUevent done = make_event();
    PASSBENCH_CUDA_OK(launch("empty_kernel", {.grid = {1}, .block = {1}, .stream = second}));
    PASSBENCH_CUDA_OK(cuEventRecord(done, second));
    EXPECT_EQ(cuEventQuery(done), CUDA_ERROR_NOT_READY);
    release(flag);
    PASSBENCH_CUDA_OK(cuEventSynchronize(done));
    EXPECT_EQ(cuEventQuery(done), CUDA_SUCCESS);
    EXPECT_EQ(values.get()[0], 2.0F);
}

TEST_F(Streams, WaitForEventsOfOthers) {
    std::atomic<bool> flag = false;
    CUstream first = make_stream(CU_STREAM_NON_BLOCKING);
    CUstream second = make_stream(CU_STREAM_NON_BLOCKING);
    CUevent event = make_event();
    PASSBENCH_CUDA_OK(cuLaunchHostFunc(first, &wait_for_flag, &flag));
    PASSBENCH_CUDA_OK(cuEventRecord(event, first));
    PASSBENCH_CUDA_OK(cuStreamWaitEvent(second, event, 0));
    PASSBENCH_CUDA_OK(launch("empty_kernel", {.grid = {1}, .block = {1}, .stream = second}));
    EXPECT_EQ(cuStreamQuery(second), CUDA_ERROR_NOT_READY);
    release(flag);
    PASSBENCH_CUDA_OK(cuStreamSynchronize(second));
    PASSBENCH_CUDA_OK(cuStreamDestroy(first));
    PASSBENCH_CUDA_OK(cuStreamDestroy(second));
    EXPECT_EQ(cuStreamQuery(first), CUDA_ERROR_INVALID_HANDLE);
}

TEST_F(Streams, CanBeDestroyedBeforeTheirWorkIsDone) {
    DeviceArray<float> values(std::vector<float>(1, 1.0F));
    std::atomic<bool> flag = false;
    CUstream stream = make_stream(CU_STREAM_DEFAULT);
    CUevent event = make_event();
    PASSBENCH_CUDA_OK(cuLaunchHostFunc(stream, &wait_for_flag, &flag));
    PASSBENCH_CUDA_OK(
        launch("scale_f32", {.grid = {1}, .block = {1}, .stream = stream}, values.address(), 2.0F, std::size_t{1}));
    PASSBENCH_CUDA_OK(cuEventRecord(event, stream));
    PASSBENCH_CUDA_OK(cuStreamDestroy(stream));
    release(flag);
    PASSBENCH_CUDA_OK(cuEventSynchronize(event));
    EXPECT_EQ(values.get()[0], 2.0F);
}

TEST_F(Streams, EventsMeasureTheDevicesTime) {
    CUstream stream = make_stream(CU_STREAM_NON_BLOCKING);
    CUevent begin = make_event();
    CUevent end = make_event();
    float ms = 0;
    EXPECT_EQ(cuEventElapsedTime(&ms, begin, end), CUDA_ERROR_INVALID_HANDLE);  // not recorded
    PASSBENCH_CUDA_OK(cuEventRecord(begin, stream));
    PASSBENCH_CUDA_OK(launch("empty_kernel", {.grid = {200}, .block = {100}, .stream = stream}));
    PASSBENCH_CUDA_OK(cuEventRecord(end, stream));
    EXPECT_EQ(cuEventElapsedTime(&ms, begin, end), CUDA_ERROR_NOT_READY);
    PASSBENCH_CUDA_OK(cuEventSynchronize(end));
    PASSBENCH_CUDA_OK(cuEventElapsedTime(&ms, begin, end));
    // 20,000 threads x 0.5 ns, 2 us of each kernel, and 2.3 us from the event to the launch, for which the device waits
    EXPECT_NEAR(ms, 0.0143, 0.0005);
}

class VirtualTime : public StandIn {
protected:
    /// Host time of a number of launches, each waited for.
    [[nodiscard]] std::vector<std::int64_t> launch_times(std::uint64_t seed, double host, double device) const {
        passbench_simulate(seed, host, device);
        std::vector<std::int64_t> times;
        for (int i = 0; i < 50; ++i) {
            const std::int64_t begin = passbench_virtual_ns();
            EXPECT_EQ(launch("empty_kernel", {.grid = {2}, .block = {500}}), CUDA_SUCCESS);
            EXPECT_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
            times.push_back(passbench_virtual_ns() - begin);
        }
        return times;
    }
    [[nodiscard]] static double mean(const std::vector<std::int64_t>& times) {
        double sum = 0;
        for (const std::int64_t time : times) sum += static_cast<double>(time);
        return sum / static_cast<double>(times.size());
    }
};

TEST_F(VirtualTime, IsTheSameForTheSameSeedToTheNanosecond) {
    const auto first = launch_times(7, 0, 0);
    EXPECT_EQ(launch_times(7, 0, 0), first);
    EXPECT_NE(launch_times(8, 0, 0), first);
}

TEST_F(VirtualTime, IsMadeOfTheCostsOfTheModel) {
    // finding the kernel 300, enqueue 2000, submit 3000, kernel 2000 + 1000 x 0.5, wake 1500, one reading of the clock 20
    EXPECT_NEAR(mean(launch_times(3, 0, 0)), 9'320, 20);
}

TEST_F(VirtualTime, ShowsPlantedOverheadsOnTheirSideAlone) {
    const double plain = mean(launch_times(5, 0, 0));
    EXPECT_NEAR(mean(launch_times(5, 0, 0.03)) - plain, 0.03 * 2'500, 2);
    EXPECT_NEAR(mean(launch_times(5, 0.03, 0)) - plain, 0.03 * 6'800, 2);
}

TEST_F(VirtualTime, OfWakingUpDependsOnHowTheContextWaits) {
    struct Waiting {
        unsigned flags;
        double wake_ns;
    };
    for (const auto& [flags, wake_ns] : {Waiting{CU_CTX_SCHED_SPIN, 500}, Waiting{CU_CTX_SCHED_YIELD, 1'000},
                                         Waiting{CU_CTX_SCHED_BLOCKING_SYNC, 6'000}, Waiting{0, 1'500}}) {
        CUcontext context = nullptr;
        PASSBENCH_CUDA_OK(cuCtxCreate(&context, nullptr, flags, 0));
        CUmodule module = nullptr;
        PASSBENCH_CUDA_OK(cuModuleLoadData(&module, fatbin_image.data()));
        std::swap(module, module_);
        EXPECT_NEAR(mean(launch_times(3, 0, 0)), 7'820 + wake_ns, 0.02 * wake_ns + 20) << flags;
        std::swap(module, module_);
        PASSBENCH_CUDA_OK(cuCtxDestroy(context));
    }
    CUevent sleeper = make_event(CU_EVENT_BLOCKING_SYNC);
    PASSBENCH_CUDA_OK(cuEventRecord(sleeper, nullptr));
    const std::int64_t begin = passbench_virtual_ns();
    PASSBENCH_CUDA_OK(cuEventSynchronize(sleeper));
    EXPECT_NEAR(static_cast<double>(passbench_virtual_ns() - begin), 3'000 + 6'000, 600);
}

TEST_F(VirtualTime, OfCopiesDependsOnHowTheHostsMemoryIs) {
    constexpr std::size_t bytes = 24'000'000;
    DeviceArray<std::byte> device(bytes);
    std::vector<std::byte> pageable(bytes);
    void* pinned = nullptr;
    PASSBENCH_CUDA_OK(cuMemAllocHost(&pinned, bytes));
    const auto time_of_copy = [&](const void* from) {
        const std::int64_t begin = passbench_virtual_ns();
        EXPECT_EQ(cuMemcpyHtoD(device.address(), from, bytes), CUDA_SUCCESS);
        return static_cast<double>(passbench_virtual_ns() - begin);
    };
    EXPECT_NEAR(time_of_copy(pageable.data()), 4'010'000, 4'010'000 * 0.04);
    EXPECT_NEAR(time_of_copy(pinned), 2'010'000, 2'010'000 * 0.04);
    PASSBENCH_CUDA_OK(cuMemFreeHost(pinned));
}

TEST_F(VirtualTime, LetsPinnedCopiesOverlapWithTheHost) {
    constexpr std::size_t bytes = 1 << 20;
    DeviceArray<std::byte> device(bytes);
    void* pinned = nullptr;
    PASSBENCH_CUDA_OK(cuMemAllocHost(&pinned, bytes));
    std::int64_t begin = passbench_virtual_ns();
    PASSBENCH_CUDA_OK(cuMemcpyHtoDAsync(device.address(), pinned, bytes, nullptr));
    EXPECT_LT(passbench_virtual_ns() - begin, 3'000);
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
    std::vector<std::byte> pageable(bytes);
    begin = passbench_virtual_ns();
    PASSBENCH_CUDA_OK(cuMemcpyHtoDAsync(device.address(), pageable.data(), bytes, nullptr));
    EXPECT_GT(passbench_virtual_ns() - begin, 100'000);
    PASSBENCH_CUDA_OK(cuMemFreeHost(pinned));
}

TEST_F(VirtualTime, PassesWithinAKernelThatReadsTimers) {
    DeviceArray<long long> stamps(4);
    const std::int64_t before = passbench_virtual_ns();
    PASSBENCH_CUDA_OK(launch("spin", {.grid = {1}, .block = {1}}, stamps.address(), 50'000LL));
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
    const std::int64_t after = passbench_virtual_ns();
    const auto times = stamps.get();
    EXPECT_LT(before, times[0] - timer_ahead_ns);
    EXPECT_GE(times[1] - times[0], 50'000);
    EXPECT_LT(times[1] - times[0], 51'000);
    EXPECT_LT(times[1] - timer_ahead_ns, after);
    const auto cycles = static_cast<double>(times[3] - times[2]);
    EXPECT_NEAR(cycles / static_cast<double>(times[1] - times[0]), 0.02, 0.0002);
}

/// Mapped memory by which a kernel and the host talk.
struct Mail {
    std::uint32_t request;
    std::array<std::uint64_t, 4> answers;
};

class HostWords : public VirtualTime {
protected:
    void SetUp() override {
        VirtualTime::SetUp();
        void* memory = nullptr;
        PASSBENCH_CUDA_OK(cuMemHostAlloc(&memory, sizeof(Mail), CU_MEMHOSTALLOC_DEVICEMAP));
        mail_ = new (memory) Mail{};
        stream_ = make_stream(CU_STREAM_NON_BLOCKING);
    }
    void TearDown() override {
        EXPECT_EQ(cuStreamSynchronize(stream_), CUDA_SUCCESS);
        EXPECT_EQ(cuMemFreeHost(mail_), CUDA_SUCCESS);
        VirtualTime::TearDown();
    }
    void launch_answers() {
        *mail_ = {};
        CUdeviceptr address = 0;
        PASSBENCH_CUDA_OK(cuMemHostGetDevicePointer(&address, mail_, 0));
        PASSBENCH_CUDA_OK(launch("answer_host", {.grid = {1}, .block = {1}, .stream = stream_}, address,
                                 address + offsetof(Mail, answers), unsigned{rounds}));
        EXPECT_EQ(cuStreamQuery(stream_), CUDA_ERROR_NOT_READY);  // and it is handed over
    }
    std::uint64_t ask(std::uint32_t round) {
        std::atomic_ref(mail_->request).store(round, std::memory_order_release);
        const std::atomic_ref answer(mail_->answers[round - 1]);
        while (answer.load(std::memory_order_acquire) == 0) std::this_thread::yield();
        return answer;
    }
    /// The host's times before and after each question, and the device's between them.
    std::vector<std::array<std::int64_t, 3>> exchange() {
        launch_answers();
        std::vector<std::array<std::int64_t, 3>> times;
        for (std::uint32_t round = 1; round <= rounds; ++round) {
            const std::int64_t asked = passbench_virtual_ns();
            const auto seen = static_cast<std::int64_t>(ask(round));
            times.push_back({asked, seen, passbench_virtual_ns()});
        }
        EXPECT_EQ(cuStreamSynchronize(stream_), CUDA_SUCCESS);
        return times;
    }

    static constexpr std::uint32_t rounds = 4;
    Mail* mail_ = nullptr;
    CUstream stream_ = nullptr;
};

TEST_F(HostWords, TakeTheirTimeEachWay) {
    const auto times = exchange();
    for (std::size_t round = 1; round < times.size(); ++round) {  // the kernel begins during the first
        const auto [asked, seen, answered] = times[round];
        EXPECT_EQ(seen - timer_ahead_ns - asked, 500 + 20);  // the word, reading the timer
        EXPECT_EQ(answered - asked, 500 + 20 + 500 + 20);    // the word back, reading the clock
    }
    EXPECT_LT(times[0][0], times[0][1] - timer_ahead_ns);
    EXPECT_LT(times[0][1] - timer_ahead_ns, times[0][2]);
}

TEST_F(HostWords, ComeAtTheSameVirtualTimesHoweverLongTheMachineTakes) {
    const auto since_the_first = [this] {
        passbench_simulate(11, 0, 0);
        auto times = exchange();
        const std::int64_t first = times[0][0];
        for (auto& [asked, seen, answered] : times) {
            asked -= first;
            seen -= first;
            answered -= first;
        }
        return times;
    };
    EXPECT_EQ(since_the_first(), since_the_first());
}

TEST_F(HostWords, OfAKernelThatWaitsForThemAreNotWaitedForByAQuestion) {
    launch_answers();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(cuStreamQuery(stream_), CUDA_ERROR_NOT_READY);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(400));
    for (std::uint32_t round = 1; round <= rounds; ++round) ask(round);
}

}  // namespace
}  // namespace passbench

#include "guest/probe/cuda_device.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/clock.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t long_ns = 30'000'000'000;
constexpr std::int64_t short_ns = 50'000'000;

TEST(CudaDevice, IsAskedForInAnotherProcess) {
    const CudaDevice device = ask_apart(
        [] { return CudaDevice{.name = "card of process " + std::to_string(getppid()), .simulated = true}; }, long_ns);
    EXPECT_EQ(device.name, "card of process " + std::to_string(getpid()));
    EXPECT_TRUE(device.simulated);
    EXPECT_EQ(device.finding, "");
}

TEST(CudaDevice, ComesBackWithWhyThereIsNone) {
    const CudaDevice device =
        ask_apart([] { return CudaDevice{.finding = "gpu.no_device", .why = "it says\n nothing"}; }, long_ns);
    EXPECT_EQ(device.name, "");
    EXPECT_EQ(device.finding, "gpu.no_device");
    EXPECT_EQ(device.why, "it says? nothing");
}

TEST(CudaDevice, ComesWithWhatNvmlSaysOfIt) {
    const Facts nvml = {{"gpu.absent", std::string("power_mw: Not Supported; sm_clock_mhz: Not Supported")},
                        {"gpu.temperature_c", std::int64_t{41}},
                        {"nvml", std::string("580.65.06")}};
    EXPECT_EQ(ask_apart([&] { return CudaDevice{.name = "T4", .nvml = nvml}; }, long_ns).nvml, nvml);
}

TEST(CudaDevice, OfADriverThatHangsIsNotWaitedFor) {
    const std::int64_t begun_ns = steady_ns();
    const CudaDevice device = ask_apart(
        []() -> CudaDevice {
            while (true) pause();
        },
        short_ns);
    EXPECT_EQ(device.finding, "gpu.no_answer");
    EXPECT_THAT(device.why, HasSubstr("no answer in 0.05 s"));
    EXPECT_LT(steady_ns() - begun_ns, long_ns / 2);
}

TEST(CudaDevice, OfADriverThatCrashesTakesNobodyWithIt) {
    const CudaDevice device = ask_apart(
        []() -> CudaDevice {
            signal(SIGSEGV, SIG_DFL);
            raise(SIGSEGV);
            return {};
        },
        long_ns);
    EXPECT_EQ(device.finding, "gpu.no_answer");
    EXPECT_THAT(device.why, HasSubstr("signal 11"));
}

TEST(CudaDevice, OfADriverThatPrintsLeavesOurOutputAlone) {
    testing::internal::CaptureStdout();
    const CudaDevice device = ask_apart(
        [] {
            std::puts("the driver says hello");
            std::fflush(stdout);
            return CudaDevice{.name = "card"};
        },
        long_ns);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(device.name, "card");
}

}  // namespace
}  // namespace passbench

// The stand-in NVML beside the stand-in driver, as a trial's process has both.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/telemetry/gpu_moment.hpp"
#include "guest/telemetry/nvml.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const std::string stand_in_nvml = std::string(PASSBENCH_STAND_IN_FOLDER) + "/libnvidia-ml.so.1";
const std::string stand_in_driver = std::string(PASSBENCH_STAND_IN_FOLDER) + "/libcuda.so.1";
constexpr std::size_t allocated = std::size_t{64} << 20;

class SimulatedNvml : public testing::Test {
protected:
    void TearDown() override {
        unsetenv("PASSBENCH_FAULT");
        std::filesystem::remove(file_);
    }
    void plant(const std::string& faults) {
        std::ofstream(file_) << faults << "\n";
        setenv("PASSBENCH_FAULT", file_.c_str(), 1);
    }
    /// What is said while a trial has memory of the card.
    static GpuMoment at_work() {
        const auto gpu = Gpu::open({.library = stand_in_driver});
        const auto memory = (*gpu)->allocate(allocated);
        return now();
    }
    static GpuMoment now() {
        const auto nvml = Nvml::load(stand_in_nvml);
        return read_gpu_moment(**nvml, *(*nvml)->find_device(uuid));
    }

    static constexpr const char* uuid = "GPU-70617373-6265-6e63-682d-73696d2d3030";

private:
    // A name of its own for each test: the driver reads a file once.
    std::filesystem::path file_ =
        std::filesystem::temp_directory_path() /
        ("passbench-nvml-" + std::to_string(getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(SimulatedNvml, HasEveryFunctionThatIsAskedFor) {
    const auto nvml = Nvml::load(stand_in_nvml);
    ASSERT_TRUE(nvml) << nvml.error().what;
#define PASSBENCH_EXPECT(function) EXPECT_NE((*nvml)->calls().function, nullptr) << #function;
    PASSBENCH_NVML_CALLS(PASSBENCH_EXPECT)
#undef PASSBENCH_EXPECT
    EXPECT_EQ((*nvml)->driver_version(), "simulated");
}

TEST_F(SimulatedNvml, ShowsTheLoadOfTheDriverBesideIt) {
    const GpuMoment idle = now();
    const GpuMoment busy = at_work();
    EXPECT_LT(idle.value(gpu_field::sm_clock), busy.value(gpu_field::sm_clock));
    EXPECT_LT(idle.value(gpu_field::power), busy.value(gpu_field::power));
    EXPECT_LT(idle.value(gpu_field::link_generation), busy.value(gpu_field::link_generation));
    EXPECT_GE(busy.value(gpu_field::memory_used).value_or(0), static_cast<std::int64_t>(allocated));
    EXPECT_LT(now().value(gpu_field::memory_used), busy.value(gpu_field::memory_used));
    EXPECT_EQ(busy.value(gpu_field::other_processes), 0);
    EXPECT_EQ(busy.absent.size(), 0U);
}

TEST_F(SimulatedNvml, KnowsItsCardByTheDriversUuidAndNoOther) {
    const auto nvml = Nvml::load(stand_in_nvml);
    nvmlDevice_t device = nullptr;
    EXPECT_EQ((*nvml)->calls().nvmlDeviceGetHandleByUUID(uuid, &device), NVML_SUCCESS);
    EXPECT_EQ((*nvml)->calls().nvmlDeviceGetHandleByUUID("GPU-1", &device), NVML_ERROR_NOT_FOUND);
}

TEST_F(SimulatedNvml, AFieldIsNotSupportedByName) {
    plant("nvml_unsupported = nvmlDeviceGetPowerUsage");
    EXPECT_THAT(at_work().absent, UnorderedElementsAre(Pair(gpu_field::power, "Not Supported")));
}

TEST_F(SimulatedNvml, MemoryThatTheCardCannotHoldIsNotInUse) {
    plant("resident = 1048576");
    EXPECT_LT(at_work().value(gpu_field::memory_used).value_or(0), static_cast<std::int64_t>(allocated));
}

TEST_F(SimulatedNvml, AStaleOneSaysTheSameUnderLoad) {
    plant("nvml_stale = true");
    const GpuMoment idle = now();
    EXPECT_EQ(at_work().values.at(gpu_field::memory_used), idle.values.at(gpu_field::memory_used));
    EXPECT_EQ(at_work().values.at(gpu_field::sm_clock), idle.values.at(gpu_field::sm_clock));
}

TEST_F(SimulatedNvml, HeatAndLinkAreAsPlantedUnderLoadAlone) {
    plant("nvml_temperature = 95\nnvml_link_width = 8\nnvml_link_generation = 2");
    EXPECT_EQ(now().value(gpu_field::link_width), 16);
    const GpuMoment busy = at_work();
    EXPECT_EQ(busy.value(gpu_field::temperature), 95);
    EXPECT_EQ(busy.value(gpu_field::link_width), 8);
    EXPECT_EQ(busy.value(gpu_field::link_generation), 2);
}

TEST_F(SimulatedNvml, AMisspeltPlanIsAnError) {
    plant("nvml_unsupported = nvmlDeviceGetNothing");
    testing::internal::CaptureStderr();
    EXPECT_FALSE(Nvml::load(stand_in_nvml));
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("this NVML has no function 'nvmlDeviceGetNothing'"));
}

TEST_F(SimulatedNvml, OnlyAStandInWatchesASimulatedDevice) {
    const auto other = Nvml::load("libm.so.6");
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().what, HasSubstr("libm.so.6 is no stand-in"));
}

}  // namespace
}  // namespace passbench

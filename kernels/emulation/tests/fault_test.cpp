// Each fault of PASSBENCH_FAULT. The file is read when cuInit finds another name in the environment than before.
#include <bit>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <gmock/gmock.h>

#include "kernels/emulation/fault_file.hpp"
#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

using emulation::parse_fault_file;
using testing::HasSubstr;

class Faults : public StandIn {
protected:
    void SetUp() override {}
    void TearDown() override {
        if (context_ != nullptr) cuCtxDestroy(context_);
        unsetenv("PASSBENCH_FAULT");
        for (const auto& file : files_) {
            std::filesystem::remove(file);
            std::filesystem::remove(file.string() + ".processes");
        }
        cuInit(0);
    }

    /// cuInit with this plan.
    CUresult init(const std::string& plan) {
        static int number = 0;
        files_.push_back(std::filesystem::temp_directory_path() /
                         ("passbench-fault-" + std::to_string(getpid()) + "-" + std::to_string(number++)));
        std::ofstream(files_.back()) << plan;
        setenv("PASSBENCH_FAULT", files_.back().c_str(), 1);
        return cuInit(0);
    }

    /// A context with the kernels, under this plan.
    void start(const std::string& plan) {
        PASSBENCH_CUDA_OK(init(plan));
        PASSBENCH_CUDA_OK(cuCtxCreate(&context_, nullptr, 0, 0));
        PASSBENCH_CUDA_OK(cuModuleLoadData(&module_, fatbin_image.data()));
    }

    /// In virtual time, with the wait for its end.
    template <typename Work>
    static std::int64_t time_of(const Work& work) {
        const std::int64_t begin = passbench_virtual_ns();
        work();
        EXPECT_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
        return passbench_virtual_ns() - begin;
    }

    CUresult launch_empty() const { return launch("empty_kernel", {.grid = {1}, .block = {1}}); }

private:
    std::vector<std::filesystem::path> files_;
};

TEST(FaultFile, TakesEveryKeyAndCommentsAndBlanks) {
    const auto file = parse_fault_file("# all is well\n\n  wrong_bit_at=2 # second\r\nodd_code_from = cuMemAlloc");
    EXPECT_EQ(file.error, "");
    EXPECT_EQ(file.plan.wrong_bit_at, 2U);
    EXPECT_EQ(file.plan.odd_code_from, "cuMemAlloc");
    EXPECT_FALSE(file.plan.no_device);
}

TEST(FaultFile, NamesTheLineThatIsWrong) {
    EXPECT_EQ(parse_fault_file("\nwrong_bit = 2\n").error, "2: unknown key 'wrong_bit'");
    EXPECT_EQ(parse_fault_file("no_device = 1").error, "1: no_device is true or false, not '1'");
    EXPECT_EQ(parse_fault_file("ecc_error_at = 0").error, "1: ecc_error_at is a whole number from 1 on, not '0'");
    EXPECT_EQ(parse_fault_file("ecc_error_at = 99999999999999999999").error,
              "1: ecc_error_at is a whole number from 1 on, not '99999999999999999999'");
    EXPECT_EQ(parse_fault_file("no_device").error, "1: expected key = value, not 'no_device'");
    EXPECT_EQ(parse_fault_file("odd_code = 1024").error, "1: odd_code is at most 1023, not '1024'");
    EXPECT_EQ(parse_fault_file("odd_code_from = rm -rf").error,
              "1: odd_code_from is a function of the CUDA driver API, not 'rm -rf'");
    EXPECT_EQ(parse_fault_file("nvml_unsupported = cuInit").error,
              "1: nvml_unsupported is a function of NVML, not 'cuInit'");
    EXPECT_EQ(parse_fault_file(std::string(70'000, '#')).error, "1: longer than 65536 bytes");
    EXPECT_EQ(parse_fault_file(std::string(1001, '\n')).error, "1001: more than 1000 lines");
}

TEST_F(Faults, AMisspeltPlanIsAnError) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(init("hung_kernel = 1\n"), CUDA_ERROR_UNKNOWN);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr(": 1: unknown key 'hung_kernel'"));
    int count = 0;
    EXPECT_EQ(cuDeviceGetCount(&count), CUDA_ERROR_NOT_INITIALIZED);
    testing::internal::CaptureStderr();
    EXPECT_EQ(init("odd_code_from = cuNoSuchFunction\n"), CUDA_ERROR_UNKNOWN);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("this driver has no function 'cuNoSuchFunction'"));
    setenv("PASSBENCH_FAULT", "/nonexistent/plan", 1);
    testing::internal::CaptureStderr();
    EXPECT_EQ(cuInit(0), CUDA_ERROR_UNKNOWN);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("/nonexistent/plan: cannot be read"));
}

TEST_F(Faults, CopiesAcrossASlowLinkTakeLonger) {
    constexpr std::size_t bytes = 8 << 20;
    const auto time_with = [&](const std::string& plan) {
        start(plan);
        void* host = nullptr;
        CUdeviceptr device = 0;
        EXPECT_EQ(cuMemAllocHost(&host, bytes), CUDA_SUCCESS);
        EXPECT_EQ(cuMemAlloc(&device, bytes), CUDA_SUCCESS);
        const auto time = time_of([&] { EXPECT_EQ(cuMemcpyHtoDAsync(device, host, bytes, nullptr), CUDA_SUCCESS); });
        EXPECT_EQ(cuMemFree(device), CUDA_SUCCESS);
        EXPECT_EQ(cuMemFreeHost(host), CUDA_SUCCESS);
        EXPECT_EQ(cuCtxDestroy(std::exchange(context_, nullptr)), CUDA_SUCCESS);
        return static_cast<double>(time);
    };
    const double plain = time_with("");
    EXPECT_NEAR(time_with("slow_link = 3") / plain, 3, 0.3);
}

TEST_F(Faults, NoDeviceIsWhatCuInitSays) {
    EXPECT_EQ(init("no_device = true"), CUDA_ERROR_NO_DEVICE);
    CUdevice device = 0;
    EXPECT_EQ(cuDeviceGet(&device, 0), CUDA_ERROR_NOT_INITIALIZED);
}

TEST_F(Faults, TheDeviceIsGoneFromTheNamedProcessOn) {
    PASSBENCH_CUDA_OK(init("no_device_from = 3"));
    PASSBENCH_CUDA_OK(cuInit(0));  // a process counts once
    // Another file and back is what another process is to this one's count.
    const std::string plan = std::getenv("PASSBENCH_FAULT");
    const auto start_again = [&] {
        setenv("PASSBENCH_FAULT", "", 1);
        EXPECT_EQ(cuInit(0), CUDA_SUCCESS);
        setenv("PASSBENCH_FAULT", plan.c_str(), 1);
        return cuInit(0);
    };
    EXPECT_EQ(start_again(), CUDA_SUCCESS);
    EXPECT_EQ(start_again(), CUDA_ERROR_NO_DEVICE);
    EXPECT_EQ(start_again(), CUDA_ERROR_NO_DEVICE);
}

TEST_F(Faults, AnOldDriverCannotLoadNewModules) {
    PASSBENCH_CUDA_OK(init("old_driver = true"));
    int version = 0;
    PASSBENCH_CUDA_OK(cuDriverGetVersion(&version));
    EXPECT_LT(version, CUDA_VERSION);
    PASSBENCH_CUDA_OK(cuCtxCreate(&context_, nullptr, 0, 0));
    EXPECT_EQ(cuModuleLoadData(&module_, fatbin_image.data()), CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
}

TEST_F(Faults, MemoryEndsAtTheNamedAllocation) {
    start("out_of_memory_at = 2");
    CUdeviceptr address = 0;
    EXPECT_EQ(cuMemAlloc(&address, 16), CUDA_SUCCESS);
    EXPECT_EQ(cuMemAlloc(&address, 16), CUDA_ERROR_OUT_OF_MEMORY);
    EXPECT_EQ(cuMemAlloc(&address, 16), CUDA_SUCCESS);
}

TEST_F(Faults, AKernelFailsAndTheErrorStays) {
    start("launch_error_at = 2");
    EXPECT_EQ(launch_empty(), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxSynchronize(), CUDA_SUCCESS);
    EXPECT_EQ(launch_empty(), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
    EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Faults, EccErrorsStay) {
    start("ecc_error_at = 1");
    EXPECT_EQ(launch_empty(), CUDA_SUCCESS);
    EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_ECC_UNCORRECTABLE);
    CUdeviceptr address = 0;
    EXPECT_EQ(cuMemAlloc(&address, 16), CUDA_ERROR_ECC_UNCORRECTABLE);
}

TEST_F(Faults, OneBitOfAResultIsWrong) {
    start("wrong_bit_at = 2");
    DeviceArray<float> values(std::vector<float>(100, 1.0F));
    PASSBENCH_CUDA_OK(launch("scale_f32", {.grid = {1}, .block = {128}}, values.address(), 2.0F, std::size_t{100}));
    EXPECT_EQ(values.get(), std::vector<float>(100, 2.0F));
    PASSBENCH_CUDA_OK(launch("scale_f32", {.grid = {1}, .block = {128}}, values.address(), 2.0F, std::size_t{100}));
    const auto results = values.get();
    int wrong_bits = 0;
    for (const float result : results) {
        wrong_bits += __builtin_popcount(std::bit_cast<unsigned>(result) ^ std::bit_cast<unsigned>(4.0F));
    }
    EXPECT_EQ(wrong_bits, 1);
}

TEST_F(Faults, ALostDeviceStaysLostForTheProcess) {
    start("device_lost_at = 2");
    EXPECT_EQ(launch_empty(), CUDA_SUCCESS);
    EXPECT_EQ(launch_empty(), CUDA_ERROR_DEVICE_UNAVAILABLE);
    EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_DEVICE_UNAVAILABLE);
    CUcontext other = nullptr;
    EXPECT_EQ(cuCtxCreate(&other, nullptr, 0, 0), CUDA_ERROR_DEVICE_UNAVAILABLE);
}

TEST_F(Faults, PinnedMemoryHasALimit) {
    start("pinned_limit = 1000000");
    void* first = nullptr;
    void* second = nullptr;
    PASSBENCH_CUDA_OK(cuMemAllocHost(&first, 600'000));
    EXPECT_EQ(cuMemAllocHost(&second, 600'000), CUDA_ERROR_OUT_OF_MEMORY);
    std::vector<char> own(600'000);
    EXPECT_EQ(cuMemHostRegister(own.data(), own.size(), 0), CUDA_ERROR_OUT_OF_MEMORY);
    PASSBENCH_CUDA_OK(cuMemFreeHost(first));
    PASSBENCH_CUDA_OK(cuMemAllocHost(&second, 600'000));
}

TEST_F(Faults, MemoryIsAsLargeAsThePlanSaysAndOthersUseSomeOfIt) {
    start("memory = 1048576\nmemory_used = 1000000");
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    PASSBENCH_CUDA_OK(cuMemGetInfo(&free_bytes, &total_bytes));
    EXPECT_EQ(total_bytes, 1'048'576U);
    EXPECT_EQ(free_bytes, 48'576U);
    CUdeviceptr address = 0;
    EXPECT_EQ(cuMemAlloc(&address, 48'577), CUDA_ERROR_OUT_OF_MEMORY);
    EXPECT_EQ(cuMemAlloc(&address, 48'576), CUDA_SUCCESS);
    PASSBENCH_CUDA_OK(cuMemFree(address));
}

TEST_F(Faults, WhatLiesInTheHostsMemoryIsSlow) {
    start("resident = 1048576");
    CUdeviceptr resident = 0;
    CUdeviceptr paged_out = 0;
    PASSBENCH_CUDA_OK(cuMemAlloc(&resident, 1 << 20));
    PASSBENCH_CUDA_OK(cuMemAlloc(&paged_out, 1 << 20));
    const auto fill = [&](CUdeviceptr address) {
        return time_of([&] { EXPECT_EQ(cuMemsetD8(address, 1, 1 << 20), CUDA_SUCCESS); });
    };
    EXPECT_GT(fill(paged_out), 5 * fill(resident));
    const auto kernel = [&](CUdeviceptr address) {
        return time_of([&] {
            EXPECT_EQ(launch("scale_f32", {.grid = {64}, .block = {1024}}, address, 2.0F, std::size_t{64 * 1024}),
                      CUDA_SUCCESS);
        });
    };
    EXPECT_GT(kernel(paged_out), 5 * kernel(resident));
    PASSBENCH_CUDA_OK(cuMemFree(resident));
    PASSBENCH_CUDA_OK(cuMemFree(paged_out));
}

TEST_F(Faults, ABitOfMemoryIsStuckWhateverIsWritten) {
    start("stuck_bit_at = 10");
    DeviceArray<char> values(std::vector<char>(16, 0));
    std::vector<char> expected(16, 0);
    expected[10] = 1;
    EXPECT_EQ(values.get(), expected);
    PASSBENCH_CUDA_OK(cuMemsetD8(values.address(), 2, 16));
    expected.assign(16, 2);
    expected[10] = 3;
    EXPECT_EQ(values.get(), expected);
    DeviceArray<char> shorter(std::vector<char>(10, 0));
    EXPECT_EQ(shorter.get(), std::vector<char>(10, 0));
}

TEST_F(Faults, TheClockFallsToHalfAndKernelsTakeTwiceAsLong) {
    start("throttle_at = 2");
    const auto time_of_a_kernel = [&] {
        return static_cast<double>(
            time_of([&] { EXPECT_EQ(launch("empty_kernel", {.grid = {1000}, .block = {256}}), CUDA_SUCCESS); }));
    };
    const double before = time_of_a_kernel();
    const double after = time_of_a_kernel();
    EXPECT_NEAR(after / before, 2, 0.2);
    EXPECT_NEAR(time_of_a_kernel() / before, 2, 0.2);
}

TEST_F(Faults, AFunctionReturnsACodeThatNobodyKnows) {
    start("odd_code_from = cuMemAlloc\nodd_code = 1000\n");
    CUdeviceptr address = 0;
    EXPECT_EQ(static_cast<int>(cuMemAlloc(&address, 16)), 1000);
    const char* name = "";
    EXPECT_EQ(cuGetErrorName(static_cast<CUresult>(1000), &name), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(name, nullptr);
}

TEST_F(Faults, AHungKernelNeverEnds) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(
        {
            start("hung_kernel_at = 1");
            launch_empty();
            const CUresult state = cuStreamQuery(nullptr);
            _exit(state == CUDA_ERROR_NOT_READY ? 7 : 0);
        },
        testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace passbench

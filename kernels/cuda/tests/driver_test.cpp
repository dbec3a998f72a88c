// Loading the driver where there is none, or not the right one. What a loaded driver does is tested on the stand-in.
#include "kernels/cuda/driver.hpp"

#include <dlfcn.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/cuda/driver_trouble.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

bool has_driver() {
    void* library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) dlclose(library);
    return library != nullptr;
}

TEST(Driver, SaysThatThereIsNoneAndWhatToDo) {
    if (has_driver()) GTEST_SKIP() << "this machine has a CUDA driver";
    const auto driver = Driver::load({});
    ASSERT_FALSE(driver);
    EXPECT_EQ(driver.error().code, ErrorCode::unsupported);
    EXPECT_THAT(driver.error().what, testing::MatchesRegex("there is no CUDA driver here: libcuda\\.so\\.1: [^;]+; "
                                                           "/usr/lib/wsl/lib/libcuda\\.so\\.1: [^;]+"))
        << "each place with the loader's words";
    EXPECT_FALSE(driver.error().fix.empty());
    EXPECT_THAT(driver.error().finding, testing::StartsWith("gpu."));
}

TEST(Driver, RefusesToSimulateWithALibraryThatDoesNotSayThatItDoes) {
    const auto driver = Driver::load({.library = "libm.so.6"});
    ASSERT_FALSE(driver);
    EXPECT_EQ(driver.error().code, ErrorCode::precondition);
    EXPECT_THAT(driver.error().what, HasSubstr("does not say that it simulates"));
}

TEST(DriverTrouble, ADriverThatHasADeviceAndDoesNotStartIsNotCalledAbsent) {
    EXPECT_EQ(driver_does_not_start(CUDA_ERROR_NO_DEVICE, "x").code, ErrorCode::unsupported);
    EXPECT_EQ(driver_does_not_start(CUDA_ERROR_SYSTEM_NOT_READY, "x").finding, "gpu.not_ready");
    EXPECT_EQ(driver_does_not_start(CUDA_ERROR_SYSTEM_NOT_READY, "x").code, ErrorCode::device_lost);
}

TEST(DriverTrouble, TellsWhatACodeMeansForTheTrialAndWhatToDo) {
    EXPECT_EQ(device_trouble(CUDA_ERROR_OUT_OF_MEMORY, "x").code, ErrorCode::out_of_memory);
    EXPECT_EQ(device_trouble(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "x").code, ErrorCode::unsupported);
    EXPECT_EQ(device_trouble(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "x").finding, "gpu.old_driver");
    EXPECT_EQ(device_trouble(CUDA_ERROR_ECC_UNCORRECTABLE, "x").finding, "gpu.ecc_uncorrectable");
    EXPECT_EQ(device_trouble(CUDA_ERROR_LAUNCH_TIMEOUT, "x").finding, "gpu.watchdog");
    EXPECT_EQ(device_trouble(CUDA_ERROR_ILLEGAL_ADDRESS, "x").finding, "gpu.kernel_failed");
    EXPECT_EQ(device_trouble(CUDA_ERROR_UNKNOWN, "x").code, ErrorCode::device_lost);
    EXPECT_EQ(device_trouble(CUDA_ERROR_UNKNOWN, "x").finding, "gpu.unexpected_code");
    EXPECT_EQ(device_trouble(CUDA_ERROR_DEVICE_UNAVAILABLE, "x").finding, "gpu.device_lost");
    EXPECT_EQ(device_trouble(CUDA_ERROR_JIT_COMPILER_NOT_FOUND, "x").code, ErrorCode::unsupported);
    EXPECT_EQ(device_trouble(static_cast<CUresult>(998), "x").code, ErrorCode::device_lost);
}

}  // namespace
}  // namespace passbench

#include "kernels/cuda/driver_trouble.hpp"

#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "harness/core/findings.hpp"
#include "kernels/cuda/device_files.hpp"

namespace passbench {

namespace {

bool exists(const char* path) {
    std::error_code unknown;
    return std::filesystem::exists(path, unknown);
}

DeviceFiles device_files() {
    constexpr const char* control_node = "/dev/nvidiactl";
    return {.dxg = exists("/dev/dxg"),
            .kernel_driver = exists("/proc/driver/nvidia/version"),
            .control_node = exists(control_node),
            .may_open = access(control_node, R_OK | W_OK) == 0};
}

std::string_view why_no_start(CUresult result) {
    if (result == CUDA_ERROR_SYSTEM_DRIVER_MISMATCH || result == CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE) {
        return "gpu.driver_mismatch";
    }
    const DeviceFiles files = device_files();
    if (files.dxg) return "gpu.dxg_no_device";
    const std::string_view why = why_device_files_fail(files);
    return why.empty() ? "gpu.no_device" : why;
}

}  // namespace

Error no_driver_library(const std::string& words) {
    return catalogued_error(ErrorCode::unsupported, "there is no CUDA driver here: " + words,
                            why_no_library(device_files()));
}

Error not_a_stand_in(const std::string& library) {
    return {.code = ErrorCode::precondition,
            .what = "the library that was named for simulating does not say that it simulates",
            .where = library,
            .fix = "Use the stand-in driver of this build, or leave out --lab simulated to use the machine's driver."};
}

Error driver_without(const std::string& function) {
    return catalogued_error(ErrorCode::unsupported, "the CUDA driver is too old: it has no " + function,
                            "gpu.old_driver");
}

Error driver_does_not_start(CUresult result, const std::string& what) {
    if (result == CUDA_ERROR_SYSTEM_NOT_READY) return catalogued_error(ErrorCode::device_lost, what, "gpu.not_ready");
    const std::string_view why = why_no_start(result);
    // Nothing here to run on is no failure; a driver that has a device and does not start is one.
    const bool is_absent = result == CUDA_ERROR_NO_DEVICE || why != "gpu.no_device";
    return is_absent ? catalogued_error(ErrorCode::unsupported, what, why) : device_trouble(result, what);
}

Error pinned_limit(std::string what) {
    return catalogued_error(ErrorCode::unsupported, std::move(what), "gpu.pinned_limit");
}

Error device_trouble(CUresult result, std::string what) {
    switch (result) {
        case CUDA_ERROR_OUT_OF_MEMORY:
            return catalogued_error(ErrorCode::out_of_memory, std::move(what), "gpu.out_of_memory");
        case CUDA_ERROR_NO_BINARY_FOR_GPU:
        case CUDA_ERROR_INVALID_IMAGE:
        case CUDA_ERROR_JIT_COMPILER_NOT_FOUND:
        case CUDA_ERROR_UNSUPPORTED_PTX_VERSION:
        case CUDA_ERROR_INVALID_PTX:
            return catalogued_error(ErrorCode::unsupported, std::move(what), "gpu.old_driver");
        case CUDA_ERROR_ECC_UNCORRECTABLE:
            return catalogued_error(ErrorCode::device_lost, std::move(what), "gpu.ecc_uncorrectable");
        case CUDA_ERROR_ILLEGAL_ADDRESS:
        case CUDA_ERROR_LAUNCH_FAILED:
        case CUDA_ERROR_MISALIGNED_ADDRESS:
        case CUDA_ERROR_ILLEGAL_INSTRUCTION:
        case CUDA_ERROR_HARDWARE_STACK_ERROR:
            return catalogued_error(ErrorCode::device_lost, std::move(what), "gpu.kernel_failed");
        case CUDA_ERROR_LAUNCH_TIMEOUT:
            return catalogued_error(ErrorCode::device_lost, std::move(what), "gpu.watchdog");
        case CUDA_ERROR_DEVICE_UNAVAILABLE:
        case CUDA_ERROR_CONTEXT_IS_DESTROYED:
        case CUDA_ERROR_EXTERNAL_DEVICE:
            return catalogued_error(ErrorCode::device_lost, std::move(what), "gpu.device_lost");
        default:
            return catalogued_error(ErrorCode::device_lost, std::move(what), "gpu.unexpected_code");
    }
}

}  // namespace passbench

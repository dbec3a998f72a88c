#include "kernels/cuda/driver_trouble.hpp"

#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace passbench {

namespace {

bool exists(const char* path) {
    std::error_code unknown;
    return std::filesystem::exists(path, unknown);
}

bool is_accessible(const char* path) { return access(path, R_OK | W_OK) == 0; }

constexpr const char* dxg_node = "/dev/dxg";
constexpr const char* control_node = "/dev/nvidiactl";
constexpr const char* kernel_driver = "/proc/driver/nvidia/version";

}  // namespace

Error no_driver_library(const std::string& words) {
    Error error{.code = ErrorCode::unsupported, .what = "there is no CUDA driver here: " + words};
    if (exists(dxg_node)) {
        error.what = "/dev/dxg is here (GPU-PV), but the CUDA library does not load: " + words;
        error.fix = "Install the NVIDIA driver on the Windows host, and see that its files are at /usr/lib/wsl/lib here.";
        error.finding = "gpu.dxg_without_library";
    } else if (exists(kernel_driver)) {
        error.what = "the NVIDIA kernel driver is loaded, but the CUDA library does not load: " + words;
        error.fix = "Install libcuda1 of the driver's version, or start the container with its GPU support.";
        error.finding = "gpu.no_library";
    } else {
        error.fix = "Pass a card through and install its driver; without one, `--lab simulated` shows the whole path.";
        error.finding = "gpu.no_driver";
    }
    return error;
}

Error not_a_stand_in(const std::string& library) {
    return {.code = ErrorCode::precondition,
            .what = "the library that was named for simulating does not say that it simulates",
            .where = library,
            .fix = "Use the stand-in driver of this build, or leave out --lab simulated to use the machine's driver."};
}

Error driver_without(const std::string& function) {
    return {.code = ErrorCode::unsupported,
            .what = "the CUDA driver is too old: it has no " + function,
            .fix = "Install a driver of at least CUDA 11 (450) on this machine; under GPU-PV, on the Windows host.",
            .finding = "gpu.old_driver"};
}

Error driver_does_not_start(CUresult result, const std::string& what) {
    Error error{.code = ErrorCode::unsupported, .what = what};
    if (result == CUDA_ERROR_SYSTEM_DRIVER_MISMATCH || result == CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE) {
        error.fix = "The kernel driver and the CUDA library are of two versions: install both from one driver, then restart.";
        error.finding = "gpu.driver_mismatch";
    } else if (exists(dxg_node)) {
        error.fix = "See the kernel's log for dxgkrnl (dmesg), and that the Windows host's driver supports CUDA in guests.";
        error.finding = "gpu.dxg_no_device";
    } else if (exists(kernel_driver) && !exists(control_node)) {
        error.fix = "/dev/nvidiactl is missing: run `nvidia-modprobe -u -c0`, or start the container with its GPU support.";
        error.finding = "gpu.no_device_nodes";
    } else if (exists(control_node) && !is_accessible(control_node)) {
        error.fix = "This user may not open /dev/nvidiactl: add it to the group that owns it (often `video`), or run as root.";
        error.finding = "gpu.no_permission";
    } else {
        error.fix = "See `passbench doctor` for what is missing; a card may be gone from the bus (dmesg, lspci).";
        error.finding = "gpu.no_device";
    }
    return error;
}

Error device_trouble(CUresult result, std::string what) {
    Error error{.code = ErrorCode::device_lost, .what = std::move(what)};
    switch (result) {
        case CUDA_ERROR_OUT_OF_MEMORY:
            error.code = ErrorCode::out_of_memory;
            error.fix = "Take smaller sizes, or see what else uses this card (nvidia-smi).";
            error.finding = "gpu.out_of_memory";
            break;
        case CUDA_ERROR_NO_BINARY_FOR_GPU:
        case CUDA_ERROR_UNSUPPORTED_PTX_VERSION:
        case CUDA_ERROR_INVALID_PTX:
            error.code = ErrorCode::unsupported;
            error.fix = "The driver is too old for this card's kernels: install one of CUDA 13 (580) or later.";
            error.finding = "gpu.old_driver";
            break;
        case CUDA_ERROR_ECC_UNCORRECTABLE:
            error.fix = "The card's memory is damaged: reset it, look at its ECC counters, and take it out if it happens again.";
            error.finding = "gpu.ecc_uncorrectable";
            break;
        case CUDA_ERROR_ILLEGAL_ADDRESS:
        case CUDA_ERROR_LAUNCH_FAILED:
        case CUDA_ERROR_MISALIGNED_ADDRESS:
        case CUDA_ERROR_ILLEGAL_INSTRUCTION:
        case CUDA_ERROR_HARDWARE_STACK_ERROR:
            error.fix = "A kernel failed; where the same kernel runs on other cards, this one or its passthrough is at fault.";
            error.finding = "gpu.kernel_failed";
            break;
        case CUDA_ERROR_LAUNCH_TIMEOUT:
            error.fix = "A watchdog ended the kernel (under GPU-PV the host's, after about 2 s): take smaller sizes.";
            error.finding = "gpu.watchdog";
            break;
        default:
            error.fix = "See the kernel's log (dmesg) for Xid messages; the card may have to be reset.";
            error.finding = "gpu.device_lost";
            break;
    }
    return error;
}

}  // namespace passbench

#include "kernels/emulation/image.hpp"

#include <cstdint>
#include <cstring>
#include <string>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/own_symbols.hpp"

namespace passbench::emulation {

namespace {

constexpr std::uint32_t fatbin_magic = 0xba55ed50;
constexpr std::uint32_t wrapper_magic = 0x466243b1;  // fatbinary_section.h: what nvcc's host code wraps a fatbin in

/// `struct __fatBinC_Wrapper_t` of the toolkit.
struct FatbinWrapper {
    std::uint32_t magic;
    std::uint32_t version;
    const void* data;
    void* more;
};

std::uint32_t magic_of(const void* image) {
    std::uint32_t magic = 0;
    std::memcpy(&magic, image, sizeof magic);
    return magic;
}

bool is_fatbin(const void* image) {
    if (magic_of(image) == fatbin_magic) return true;
    if (magic_of(image) != wrapper_magic) return false;
    FatbinWrapper wrapper;
    std::memcpy(&wrapper, image, sizeof wrapper);
    return wrapper.data != nullptr && magic_of(wrapper.data) == fatbin_magic;
}

}  // namespace

CUresult check_image(const void* image) {
    if (!is_fatbin(image)) return CUDA_ERROR_INVALID_IMAGE;
    return driver().faults.old_driver() ? CUDA_ERROR_UNSUPPORTED_PTX_VERSION : CUDA_SUCCESS;
}

const KernelEntry* find_kernel(const char* name) {
    return static_cast<const KernelEntry*>(own_symbol("passbench_kernel_" + std::string(name)));
}

}  // namespace passbench::emulation

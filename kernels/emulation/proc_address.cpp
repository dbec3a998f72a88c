// cuGetProcAddress: names without a suffix give the newest form that the asked version of CUDA had; names with one are
// found as they stand, which a real driver does not promise.
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/own_symbols.hpp"

namespace passbench::emulation {

namespace {

/// Functions whose forms take different parameters; all others have one form, or several that are alike.
struct Form {
    std::string_view name;
    int since;  // the version of CUDA, 1000 x major + 10 x minor
    std::string_view symbol;
};

// The newest first; the versions are those of cudaTypedefs.h.
constexpr std::array forms = {
    Form{"cuCtxCreate", 12050, "cuCtxCreate_v4"},
    Form{"cuCtxCreate", 11040, "cuCtxCreate_v3"},
    Form{"cuCtxCreate", 3020, "cuCtxCreate_v2"},
    Form{"cuGetProcAddress", 12000, "cuGetProcAddress_v2"},
    Form{"cuGetProcAddress", 11030, "cuGetProcAddress"},
    Form{"cuMemPrefetchAsync", 12020, "cuMemPrefetchAsync_v2"},
    Form{"cuMemPrefetchAsync", 8000, "cuMemPrefetchAsync"},
    Form{"cuMemAdvise", 12020, "cuMemAdvise_v2"},
    Form{"cuMemAdvise", 8000, "cuMemAdvise"},
    Form{"cuGraphInstantiate", 12000, "cuGraphInstantiateWithFlags"},
    Form{"cuStreamBeginCapture", 10010, "cuStreamBeginCapture_v2"},
    Form{"cuGraphAddKernelNode", 12000, "cuGraphAddKernelNode_v2"},
};

const void* look_up(std::string_view name, int version) {
    bool has_forms = false;
    for (const Form& form : forms) {
        if (form.name != name) continue;
        has_forms = true;
        if (version >= form.since) return own_symbol(std::string(form.symbol));
    }
    if (has_forms) return nullptr;
    for (const char* suffix : {"_v3", "_v2", ""}) {
        if (const void* found = own_symbol(std::string(name) + suffix)) return found;
    }
    return nullptr;
}

CUresult find(const char* symbol, void** pfn, int version, cuuint64_t flags, CUdriverProcAddressQueryResult* status) {
    if (symbol == nullptr || pfn == nullptr || *symbol == '\0') return CUDA_ERROR_INVALID_VALUE;
    constexpr cuuint64_t known = CU_GET_PROC_ADDRESS_LEGACY_STREAM | CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM;
    if ((flags & ~known) != 0) return CUDA_ERROR_INVALID_VALUE;
    const std::string_view name = symbol;
    *pfn = name.starts_with("cu") ? const_cast<void*>(look_up(name, version)) : nullptr;
    const bool newer = *pfn == nullptr && name.starts_with("cu") && look_up(name, CUDA_VERSION) != nullptr;
    if (status != nullptr) {
        *status = *pfn != nullptr ? CU_GET_PROC_ADDRESS_SUCCESS
                  : newer         ? CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT
                                  : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    }
    return *pfn != nullptr ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

}  // namespace

// Both work before cuInit.
PASSBENCH_DRIVER_API CUresult cuGetProcAddress_v2(const char* symbol, void** pfn, int version, cuuint64_t flags,
                                                  CUdriverProcAddressQueryResult* status) {
    return find(symbol, pfn, version, flags, status);
}
#undef cuGetProcAddress
PASSBENCH_DRIVER_API CUresult cuGetProcAddress(const char* symbol, void** pfn, int version, cuuint64_t flags) {
    return find(symbol, pfn, version, flags, nullptr);
}

}  // namespace passbench::emulation

// Entry points for libraries: modules that belong to no context. A kernel is its function in every context, so that a
// CUkernel may be launched as it is, which CUDA allows too.
#include <mutex>
#include <string>
#include <unordered_map>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/image.hpp"

namespace passbench::emulation {

namespace {

struct Library {
    std::mutex mutex;
    std::unordered_map<std::string, CUfunction> functions;
};

HandleTable<Library, CUlibrary>& libraries() {
    static auto* const table = new HandleTable<Library, CUlibrary>;
    return *table;
}

CUkernel as_kernel(CUfunction function) { return reinterpret_cast<CUkernel>(function); }
CUfunction as_function(CUkernel kernel) { return reinterpret_cast<CUfunction>(kernel); }

}  // namespace

PASSBENCH_DRIVER_API CUresult cuLibraryLoadData(CUlibrary* library, const void* code, CUjit_option* jit_options,
                                                void** jit_options_values, unsigned int num_jit_options,
                                                CUlibraryOption* library_options, void** /*library_option_values*/,
                                                unsigned int num_library_options) {
    return driver_call(__func__, cost_model.module_ns, [&]() -> CUresult {
        if (library == nullptr || code == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (num_jit_options > 0 && (jit_options == nullptr || jit_options_values == nullptr))
            return CUDA_ERROR_INVALID_VALUE;
        if (num_library_options > 0 && library_options == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (const CUresult checked = check_image(code); checked != CUDA_SUCCESS) return checked;
        *library = libraries().add(std::make_shared<Library>());
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuLibraryUnload(CUlibrary handle) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        const auto library = libraries().remove(handle);
        if (!library) return CUDA_ERROR_INVALID_HANDLE;
        for (const auto& [name, function] : library->functions) driver().functions.remove(function);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuLibraryGetKernel(CUkernel* kernel, CUlibrary handle, const char* name) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (kernel == nullptr || name == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto library = libraries().find(handle);
        if (!library) return CUDA_ERROR_INVALID_HANDLE;
        const KernelEntry* entry = find_kernel(name);
        if (entry == nullptr) return CUDA_ERROR_NOT_FOUND;
        const std::lock_guard lock(library->mutex);
        CUfunction& function = library->functions[name];
        if (function == nullptr) function = driver().functions.add(std::make_shared<Function>(*entry, nullptr));
        *kernel = as_kernel(function);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuKernelGetFunction(CUfunction* function, CUkernel kernel) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (function == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (!driver().functions.find(as_function(kernel))) return CUDA_ERROR_INVALID_HANDLE;
        *function = as_function(kernel);
        return CUDA_SUCCESS;
    });
}

}  // namespace passbench::emulation

// Entry points for modules and functions.
#include <fstream>
#include <iterator>
#include <string>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/image.hpp"
#include "kernels/emulation/own_symbols.hpp"

namespace passbench::emulation {

namespace {

CUresult load(const char* name, CUmodule* module, const void* image) {
    return context_call(name, cost_model.module_ns, [&](Context& context) -> CUresult {
        if (module == nullptr || image == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (const CUresult checked = check_image(image); checked != CUDA_SUCCESS) return checked;
        auto object = std::make_shared<Module>();
        object->context = context.shared_from_this();
        *module = driver().modules.add(std::move(object));
        return CUDA_SUCCESS;
    });
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuModuleLoadData(CUmodule* module, const void* image) {
    return load(__func__, module, image);
}
PASSBENCH_DRIVER_API CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned int num_options,
                                                 CUjit_option* options, void** option_values) {
    if (num_options > 0 && (options == nullptr || option_values == nullptr)) return CUDA_ERROR_INVALID_VALUE;
    return load(__func__, module, image);
}
PASSBENCH_DRIVER_API CUresult cuModuleLoadFatBinary(CUmodule* module, const void* fat_cubin) {
    return load(__func__, module, fat_cubin);
}

PASSBENCH_DRIVER_API CUresult cuModuleLoad(CUmodule* module, const char* fname) {
    if (fname == nullptr) return CUDA_ERROR_INVALID_VALUE;
    std::ifstream file(fname, std::ios::binary);
    if (!file) return CUDA_ERROR_FILE_NOT_FOUND;
    std::string image{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    image.resize(image.size() + sizeof(std::uint64_t));  // an image says itself where it ends
    return load(__func__, module, image.data());
}

PASSBENCH_DRIVER_API CUresult cuModuleUnload(CUmodule hmod) {
    return context_call(__func__, cost_model.call_ns, [&](Context& context) {
        Context::wait_for(context.pending());
        const auto module = driver().modules.remove(hmod);
        if (!module) return CUDA_ERROR_INVALID_HANDLE;
        for (const auto& [name, function] : module->functions) driver().functions.remove(function);
        for (const void* variable : module->variables) {
            static_cast<void>(driver().memory.release(MemoryKind::module_variable, variable));
        }
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuModuleGetLoadingMode(CUmoduleLoadingMode* mode) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (mode == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *mode = CU_MODULE_EAGER_LOADING;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuModuleGetFunction(CUfunction* hfunc, CUmodule hmod, const char* name) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (hfunc == nullptr || name == nullptr || *name == '\0') return CUDA_ERROR_INVALID_VALUE;
        const auto module = driver().modules.find(hmod);
        if (!module) return CUDA_ERROR_INVALID_HANDLE;
        const std::lock_guard lock(module->mutex);
        if (const auto known = module->functions.find(name); known != module->functions.end()) {
            *hfunc = known->second;
            return CUDA_SUCCESS;
        }
        const KernelEntry* kernel = find_kernel(name);
        if (kernel == nullptr) return CUDA_ERROR_NOT_FOUND;
        *hfunc = driver().functions.add(std::make_shared<Function>(*kernel, hmod));
        module->functions.emplace(name, *hfunc);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuModuleGetGlobal_v2(CUdeviceptr* dptr, std::size_t* bytes, CUmodule hmod,
                                                   const char* name) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& context) {
        if (name == nullptr || (dptr == nullptr && bytes == nullptr)) return CUDA_ERROR_INVALID_VALUE;
        const auto module = driver().modules.find(hmod);
        if (!module) return CUDA_ERROR_INVALID_HANDLE;
        const auto* entry = static_cast<const GlobalEntry*>(own_symbol("passbench_global_entry_" + std::string(name)));
        if (entry == nullptr) return CUDA_ERROR_NOT_FOUND;
        if (driver().memory.adopt(MemoryKind::module_variable, entry->address, entry->size_bytes, &context, 0)) {
            const std::lock_guard lock(module->mutex);
            module->variables.push_back(entry->address);
        }
        if (dptr != nullptr) *dptr = to_device(entry->address);
        if (bytes != nullptr) *bytes = entry->size_bytes;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuFuncGetModule(CUmodule* hmod, CUfunction hfunc) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (hmod == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto function = driver().functions.find(hfunc);
        if (!function) return CUDA_ERROR_INVALID_HANDLE;
        if (function->module == nullptr) return CUDA_ERROR_NOT_SUPPORTED;  // of a library
        *hmod = function->module;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuFuncGetName(const char** name, CUfunction hfunc) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (name == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto function = driver().functions.find(hfunc);
        if (!function) return CUDA_ERROR_INVALID_HANDLE;
        *name = function->kernel->name;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuFuncGetAttribute(int* pi, CUfunction_attribute attrib, CUfunction hfunc) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (pi == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto function = driver().functions.find(hfunc);
        if (!function) return CUDA_ERROR_INVALID_HANDLE;
        switch (attrib) {
            case CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
                *pi = static_cast<int>(function->kernel->most_threads);
                break;
            case CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
                *pi = static_cast<int>(function->most_dynamic_shared_bytes);
                break;
            case CU_FUNC_ATTRIBUTE_NUM_REGS:
                *pi = 32;
                break;  // invented: g++ has no such number
            case CU_FUNC_ATTRIBUTE_PTX_VERSION:
            case CU_FUNC_ATTRIBUTE_BINARY_VERSION:
                *pi = 75;
                break;
            case CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
                *pi = static_cast<int>(function->static_shared_bytes);
                break;
            case CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES:
            case CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES:
            case CU_FUNC_ATTRIBUTE_CACHE_MODE_CA:
            case CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
                *pi = 0;
                break;
            default:
                return CUDA_ERROR_INVALID_VALUE;
        }
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const auto function = driver().functions.find(hfunc);
        if (!function) return CUDA_ERROR_INVALID_HANDLE;
        if (attrib == CU_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT) return CUDA_SUCCESS;
        if (attrib != CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES || value < 0) return CUDA_ERROR_INVALID_VALUE;
        const auto bytes = static_cast<std::size_t>(value);
        if (function->static_shared_bytes + bytes > most_shared_bytes) return CUDA_ERROR_INVALID_VALUE;
        function->most_dynamic_shared_bytes = bytes;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuFuncSetCacheConfig(CUfunction hfunc, CUfunc_cache /*config*/) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        return driver().functions.find(hfunc) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
    });
}

}  // namespace passbench::emulation

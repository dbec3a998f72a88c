// Entry points that say where managed memory is wanted. Here it is at both places always, so they check and do nothing.
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

bool is_managed(CUdeviceptr address, std::size_t bytes) {
    const auto allocation = driver().memory.find(to_pointer(address));
    return bytes > 0 && allocation && allocation->kind == MemoryKind::managed &&
           allocation->contains(to_pointer(address), bytes);
}

bool is_place(const CUmemLocation& location) {
    if (location.type == CU_MEM_LOCATION_TYPE_DEVICE) return location.id == 0;
    return location.type == CU_MEM_LOCATION_TYPE_HOST;
}

/// How the older forms name a place.
CUmemLocation location_of(CUdevice device) {
    CUmemLocation location = {};
    location.type = device == CU_DEVICE_CPU ? CU_MEM_LOCATION_TYPE_HOST : CU_MEM_LOCATION_TYPE_DEVICE;
    location.id = device == CU_DEVICE_CPU ? 0 : device;
    return location;
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuMemPrefetchAsync_v2(CUdeviceptr ptr, std::size_t count, CUmemLocation location,
                                                    unsigned int flags, CUstream handle) {
    return operation_call(__func__, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (flags != 0 || !is_managed(ptr, count)) return CUDA_ERROR_INVALID_VALUE;
        if (!is_place(location)) return CUDA_ERROR_INVALID_DEVICE;
        return submit(context, *stream, EmptyWork{}, Blocking::no);
    });
}

PASSBENCH_DRIVER_API CUresult cuMemAdvise_v2(CUdeviceptr ptr, std::size_t count, CUmem_advise advice,
                                             CUmemLocation location) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const bool known = advice >= CU_MEM_ADVISE_SET_READ_MOSTLY && advice <= CU_MEM_ADVISE_UNSET_ACCESSED_BY;
        if (!known || !is_managed(ptr, count)) return CUDA_ERROR_INVALID_VALUE;
        // About reading only, the place is not looked at.
        const bool placed =
            advice > CU_MEM_ADVISE_UNSET_READ_MOSTLY && advice != CU_MEM_ADVISE_UNSET_PREFERRED_LOCATION;
        return placed && !is_place(location) ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
    });
}

#undef cuMemPrefetchAsync
#undef cuMemAdvise
PASSBENCH_DRIVER_API CUresult cuMemPrefetchAsync(CUdeviceptr ptr, std::size_t count, CUdevice device, CUstream stream) {
    return cuMemPrefetchAsync_v2(ptr, count, location_of(device), 0, stream);
}
PASSBENCH_DRIVER_API CUresult cuMemAdvise(CUdeviceptr ptr, std::size_t count, CUmem_advise advice, CUdevice device) {
    return cuMemAdvise_v2(ptr, count, advice, location_of(device));
}

}  // namespace passbench::emulation

// Entry points for memory of the device and pinned memory of the host.
#include "kernels/emulation/device_memory.hpp"
#include "kernels/emulation/driver_state.hpp"

namespace passbench::emulation {

namespace {

constexpr double mib = 1 << 20;

double allocate_cost(std::size_t bytes) {
    return cost_model.allocate_ns + cost_model.allocate_mib_ns * static_cast<double>(bytes) / mib;
}

double pin_cost(std::size_t bytes) {
    return cost_model.allocate_ns + cost_model.pin_mib_ns * static_cast<double>(bytes) / mib;
}

CUresult allocate(Context& context, MemoryKind kind, void** result, std::size_t bytes, unsigned flags) {
    if (result == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
    if (context.forbids_waiting()) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    const bool pinned = kind == MemoryKind::host_allocated;
    if (driver().faults.refuses_allocation(pinned ? driver().memory.host_bytes() + bytes : 0)) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    *result = driver().memory.allocate(kind, bytes, &context, flags);
    return *result == nullptr ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

CUresult allocate(Context& context, MemoryKind kind, CUdeviceptr* result, std::size_t bytes, unsigned flags) {
    if (result == nullptr) return CUDA_ERROR_INVALID_VALUE;
    void* data = nullptr;
    const CUresult outcome = allocate(context, kind, &data, bytes, flags);
    if (outcome == CUDA_SUCCESS) *result = to_device(data);
    return outcome;
}

CUresult release(Context& context, MemoryKind kind, const void* data) {
    if (context.forbids_waiting()) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    // Freeing waits for whatever may still use the memory.
    Context::wait_for(context.pending());
    if (context.error() != CUDA_SUCCESS) return context.error();
    return driver().memory.release(kind, data) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (free == nullptr || total == nullptr) return CUDA_ERROR_INVALID_VALUE;
        *free = driver().memory.free_bytes();
        *total = driver().memory.capacity_bytes();
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemAlloc_v2(CUdeviceptr* dptr, std::size_t bytesize) {
    return context_call(__func__, allocate_cost(bytesize),
                        [&](Context& context) { return allocate(context, MemoryKind::device, dptr, bytesize, 0); });
}

PASSBENCH_DRIVER_API CUresult cuMemAllocPitch_v2(CUdeviceptr* dptr, std::size_t* pitch, std::size_t width_in_bytes,
                                                 std::size_t height, unsigned int element_size_bytes) {
    return context_call(__func__, allocate_cost(width_in_bytes * height), [&](Context& context) {
        const bool good_element = element_size_bytes == 4 || element_size_bytes == 8 || element_size_bytes == 16;
        if (pitch == nullptr || !good_element || width_in_bytes == 0 || height == 0) return CUDA_ERROR_INVALID_VALUE;
        constexpr std::size_t row_alignment = 512;
        const std::size_t row = (width_in_bytes + row_alignment - 1) / row_alignment * row_alignment;
        if (row < width_in_bytes || height > SIZE_MAX / row) return CUDA_ERROR_INVALID_VALUE;
        const CUresult outcome = allocate(context, MemoryKind::device, dptr, row * height, 0);
        if (outcome == CUDA_SUCCESS) *pitch = row;
        return outcome;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemAllocManaged(CUdeviceptr* dptr, std::size_t bytesize, unsigned int flags) {
    return context_call(__func__, allocate_cost(bytesize), [&](Context& context) {
        if (flags != CU_MEM_ATTACH_GLOBAL && flags != CU_MEM_ATTACH_HOST) return CUDA_ERROR_INVALID_VALUE;
        return allocate(context, MemoryKind::managed, dptr, bytesize, flags);
    });
}

PASSBENCH_DRIVER_API CUresult cuMemFree_v2(CUdeviceptr dptr) {
    return context_call(__func__, cost_model.allocate_ns, [&](Context& context) {
        if (dptr == 0) return CUDA_SUCCESS;
        const auto allocation = driver().memory.find(to_pointer(dptr));
        if (!allocation || !allocation->on_device()) return CUDA_ERROR_INVALID_VALUE;
        return release(context, allocation->kind, to_pointer(dptr));
    });
}

PASSBENCH_DRIVER_API CUresult cuMemGetAddressRange_v2(CUdeviceptr* pbase, std::size_t* psize, CUdeviceptr dptr) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        const auto allocation = driver().memory.find(to_pointer(dptr));
        if (!allocation || allocation->on_host()) return CUDA_ERROR_NOT_FOUND;
        if (pbase != nullptr) *pbase = to_device(allocation->data);
        if (psize != nullptr) *psize = allocation->size_bytes;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemHostAlloc(void** pp, std::size_t bytesize, unsigned int flags) {
    return context_call(__func__, pin_cost(bytesize), [&](Context& context) {
        constexpr unsigned known = CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_WRITECOMBINED;
        if ((flags & ~known) != 0) return CUDA_ERROR_INVALID_VALUE;
        return allocate(context, MemoryKind::host_allocated, pp, bytesize, flags);
    });
}

PASSBENCH_DRIVER_API CUresult cuMemAllocHost_v2(void** pp, std::size_t bytesize) {
    return context_call(__func__, pin_cost(bytesize), [&](Context& context) {
        return allocate(context, MemoryKind::host_allocated, pp, bytesize, 0);
    });
}

PASSBENCH_DRIVER_API CUresult cuMemFreeHost(void* p) {
    return context_call(__func__, cost_model.allocate_ns, [&](Context& context) {
        if (p == nullptr) return CUDA_ERROR_INVALID_VALUE;
        return release(context, MemoryKind::host_allocated, p);
    });
}

PASSBENCH_DRIVER_API CUresult cuMemHostRegister_v2(void* p, std::size_t bytesize, unsigned int flags) {
    return context_call(__func__, pin_cost(bytesize), [&](const Context& context) {
        constexpr unsigned known = CU_MEMHOSTREGISTER_PORTABLE | CU_MEMHOSTREGISTER_DEVICEMAP;
        if (p == nullptr || bytesize == 0) return CUDA_ERROR_INVALID_VALUE;
        if ((flags & ~known) != 0) return CUDA_ERROR_NOT_SUPPORTED;
        if (driver().faults.refuses_allocation(driver().memory.host_bytes() + bytesize))
            return CUDA_ERROR_OUT_OF_MEMORY;
        return driver().memory.adopt(MemoryKind::host_registered, p, bytesize, &context, flags)
                   ? CUDA_SUCCESS
                   : CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
    });
}

#undef cuMemHostRegister
PASSBENCH_DRIVER_API CUresult cuMemHostRegister(void* p, std::size_t bytesize, unsigned int flags) {
    return cuMemHostRegister_v2(p, bytesize, flags);
}

PASSBENCH_DRIVER_API CUresult cuMemHostUnregister(void* p) {
    return context_call(__func__, cost_model.allocate_ns, [&](Context& context) {
        if (p == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const CUresult outcome = release(context, MemoryKind::host_registered, p);
        return outcome == CUDA_ERROR_INVALID_VALUE ? CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED : outcome;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemHostGetDevicePointer_v2(CUdeviceptr* pdptr, void* p, unsigned int flags) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (pdptr == nullptr || p == nullptr || flags != 0) return CUDA_ERROR_INVALID_VALUE;
        const auto allocation = driver().memory.find(p);
        if (!allocation || !allocation->on_host()) return CUDA_ERROR_INVALID_VALUE;
        *pdptr = to_device(p);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemHostGetFlags(unsigned int* flags, void* p) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (flags == nullptr || p == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto allocation = driver().memory.find(p);
        if (!allocation || allocation->kind != MemoryKind::host_allocated) return CUDA_ERROR_INVALID_VALUE;
        *flags = allocation->flags;
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuPointerGetAttribute(void* data, CUpointer_attribute attribute, CUdeviceptr ptr) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (data == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto allocation = driver().memory.find(to_pointer(ptr));
        if (!allocation) return CUDA_ERROR_INVALID_VALUE;
        const auto give = [&](auto value) {
            *static_cast<decltype(value)*>(data) = value;
            return CUDA_SUCCESS;
        };
        switch (attribute) {
            case CU_POINTER_ATTRIBUTE_CONTEXT:
                return give(reinterpret_cast<CUcontext>(const_cast<void*>(allocation->owner)));
            case CU_POINTER_ATTRIBUTE_MEMORY_TYPE:
                return give(static_cast<unsigned>(allocation->on_host() ? CU_MEMORYTYPE_HOST : CU_MEMORYTYPE_DEVICE));
            case CU_POINTER_ATTRIBUTE_DEVICE_POINTER:
                return give(ptr);
            case CU_POINTER_ATTRIBUTE_HOST_POINTER:
                if (!allocation->on_host() && allocation->kind != MemoryKind::managed) return CUDA_ERROR_INVALID_VALUE;
                return give(to_pointer(ptr));
            case CU_POINTER_ATTRIBUTE_IS_MANAGED:
                return give(allocation->kind == MemoryKind::managed);
            case CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
                return give(0);
            case CU_POINTER_ATTRIBUTE_RANGE_START_ADDR:
                return give(to_device(allocation->data));
            case CU_POINTER_ATTRIBUTE_RANGE_SIZE:
                return give(allocation->size_bytes);
            case CU_POINTER_ATTRIBUTE_MAPPED:
                return give(true);
            default:
                return CUDA_ERROR_NOT_SUPPORTED;
        }
    });
}

}  // namespace passbench::emulation

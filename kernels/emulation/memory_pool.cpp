// Stream-ordered memory. There is one pool, the device's own; it keeps nothing back, so its attributes only remember.
#include <array>
#include <mutex>
#include <utility>

#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

struct Pool {
    std::mutex mutex;
    std::array<cuuint64_t, CU_MEMPOOL_ATTR_USED_MEM_HIGH + 1> attributes = {};
};

Pool& default_pool() {
    static Pool* const pool = [] {
        auto* made = new Pool;
        for (const int on : {CU_MEMPOOL_ATTR_REUSE_FOLLOW_EVENT_DEPENDENCIES, CU_MEMPOOL_ATTR_REUSE_ALLOW_OPPORTUNISTIC,
                             CU_MEMPOOL_ATTR_REUSE_ALLOW_INTERNAL_DEPENDENCIES}) {
            made->attributes[static_cast<std::size_t>(on)] = 1;
        }
        return made;
    }();
    return *pool;
}

bool is_pool(CUmemoryPool handle) { return handle == reinterpret_cast<CUmemoryPool>(&default_pool()); }

CUresult give_pool(const char* name, CUmemoryPool* pool, CUdevice dev) {
    return driver_call(name, cost_model.call_ns, [&] {
        if (pool == nullptr) return CUDA_ERROR_INVALID_VALUE;
        if (dev != 0) return CUDA_ERROR_INVALID_DEVICE;
        *pool = reinterpret_cast<CUmemoryPool>(&default_pool());
        return CUDA_SUCCESS;
    });
}

CUresult allocate(const char* name, CUdeviceptr* dptr, std::size_t bytes, CUstream handle) {
    return context_call(name, cost_model.allocate_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (dptr == nullptr || bytes == 0) return CUDA_ERROR_INVALID_VALUE;
        if (stream->capture) return CUDA_ERROR_NOT_SUPPORTED;  // would be a node of its own kind
        if (driver().faults.refuses_allocation(0)) return CUDA_ERROR_OUT_OF_MEMORY;
        const auto* data = driver().memory.allocate(MemoryKind::device, bytes, &context, 0);
        if (data == nullptr) return CUDA_ERROR_OUT_OF_MEMORY;
        *dptr = to_device(data);
        return submit(context, *stream, EmptyWork{}, Blocking::no);
    });
}

}  // namespace

PASSBENCH_DRIVER_API CUresult cuDeviceGetDefaultMemPool(CUmemoryPool* pool, CUdevice dev) {
    return give_pool(__func__, pool, dev);
}
PASSBENCH_DRIVER_API CUresult cuDeviceGetMemPool(CUmemoryPool* pool, CUdevice dev) {
    return give_pool(__func__, pool, dev);
}

PASSBENCH_DRIVER_API CUresult cuMemPoolSetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (!is_pool(pool) || value == nullptr || attr < 1 || attr > CU_MEMPOOL_ATTR_USED_MEM_HIGH)
            return CUDA_ERROR_INVALID_VALUE;
        const std::lock_guard lock(default_pool().mutex);
        auto& attribute = default_pool().attributes[static_cast<std::size_t>(attr)];
        // The switches are int, the sizes 64 bits.
        attribute = attr < CU_MEMPOOL_ATTR_RELEASE_THRESHOLD
                        ? static_cast<cuuint64_t>(*static_cast<const int*>(value) != 0)
                        : *static_cast<const cuuint64_t*>(value);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemPoolGetAttribute(CUmemoryPool pool, CUmemPool_attribute attr, void* value) {
    return driver_call(__func__, cost_model.call_ns, [&] {
        if (!is_pool(pool) || value == nullptr || attr < 1 || attr > CU_MEMPOOL_ATTR_USED_MEM_HIGH)
            return CUDA_ERROR_INVALID_VALUE;
        const std::lock_guard lock(default_pool().mutex);
        const cuuint64_t attribute = default_pool().attributes[static_cast<std::size_t>(attr)];
        if (attr < CU_MEMPOOL_ATTR_RELEASE_THRESHOLD) {
            *static_cast<int*>(value) = static_cast<int>(attribute);
        } else {
            *static_cast<cuuint64_t*>(value) = attribute;
        }
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuMemPoolTrimTo(CUmemoryPool pool, std::size_t /*min_bytes_to_keep*/) {
    return driver_call(__func__, cost_model.call_ns,
                       [&] { return is_pool(pool) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE; });
}

PASSBENCH_DRIVER_API CUresult cuMemAllocAsync(CUdeviceptr* dptr, std::size_t bytesize, CUstream stream) {
    return allocate(__func__, dptr, bytesize, stream);
}
PASSBENCH_DRIVER_API CUresult cuMemAllocFromPoolAsync(CUdeviceptr* dptr, std::size_t bytesize, CUmemoryPool pool,
                                                      CUstream stream) {
    return is_pool(pool) ? allocate(__func__, dptr, bytesize, stream) : CUDA_ERROR_INVALID_VALUE;
}

PASSBENCH_DRIVER_API CUresult cuMemFreeAsync(CUdeviceptr dptr, CUstream handle) {
    return context_call(__func__, cost_model.allocate_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (stream->capture) return CUDA_ERROR_NOT_SUPPORTED;
        const auto allocation = driver().memory.find(to_pointer(dptr));
        if (!allocation || allocation->kind != MemoryKind::device || allocation->data != to_pointer(dptr)) {
            return CUDA_ERROR_INVALID_VALUE;
        }
        const auto free = [data = allocation->data] {
            static_cast<void>(driver().memory.release(MemoryKind::device, data));
        };
        return submit(context, *stream, HostWork{free}, Blocking::no);
    });
}

}  // namespace passbench::emulation

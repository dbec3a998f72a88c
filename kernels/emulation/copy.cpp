// Entry points that copy and fill memory. How long a copy takes depends on the host's side: pinned memory is read and
// written by the device itself, other memory is staged by the host, which therefore waits even in the asynchronous calls.
#include <limits>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

enum class Side : std::uint8_t { device, host, any };  // any: cuMemcpy finds it out by the address

struct End {
    const void* address;
    Side side;
};

/// Whether `bytes` at this end may be copied, and what is known of the memory: nullopt for the host's own.
struct Looked {
    bool good;
    bool on_device;
    bool pinned;
};

Looked look_at(const End& end, std::size_t bytes) {
    const auto allocation = driver().memory.find(end.address);
    if (!allocation)
        return {.good = end.side != Side::device && end.address != nullptr, .on_device = false, .pinned = false};
    // Mapped host memory is as good as device memory to the device.
    const bool on_device = !allocation->on_host();
    const bool good =
        allocation->contains(end.address, bytes) && !(end.side == Side::host && allocation->kind == MemoryKind::device);
    return {.good = good, .on_device = on_device, .pinned = !on_device};
}

enum class Wait : std::uint8_t { yes, no };

CUresult copy(const char* name, const End& to, const End& from, std::size_t bytes, CUstream handle, Wait wait) {
    return operation_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (bytes == 0) return CUDA_SUCCESS;
        const Looked target = look_at(to, bytes);
        const Looked source = look_at(from, bytes);
        if (!target.good || !source.good) return CUDA_ERROR_INVALID_VALUE;
        const bool pageable = (!target.on_device && !target.pinned) || (!source.on_device && !source.pinned);
        const CopyPath path = target.on_device && source.on_device ? CopyPath::device
                              : pageable                           ? CopyPath::pageable
                                                                   : CopyPath::pinned;
        CopyWork work = {.to = const_cast<void*>(to.address), .from = from.address, .bytes = bytes, .path = path};
        const bool waits = wait == Wait::yes ? path != CopyPath::device : pageable;
        return submit(context, *stream, std::move(work), waits ? Blocking::yes : Blocking::no);
    });
}

CUresult fill(const char* name, CUdeviceptr to, std::uint32_t value, unsigned element_bytes, std::size_t columns,
              CUstream handle) {
    return operation_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (columns == 0) return CUDA_SUCCESS;
        if (to % element_bytes != 0 || columns > std::numeric_limits<std::size_t>::max() / element_bytes) {
            return CUDA_ERROR_INVALID_VALUE;
        }
        if (!is_device_range(to_pointer(to), columns * element_bytes)) return CUDA_ERROR_INVALID_VALUE;
        FillWork work = {.to = to_pointer(to),
                         .value = value,
                         .element_bytes = element_bytes,
                         .columns = columns,
                         .rows = 1,
                         .pitch_bytes = 0};
        return submit(context, *stream, std::move(work), Blocking::no);
    });
}

End device(CUdeviceptr address) { return {.address = to_pointer(address), .side = Side::device}; }
End host(const void* address) { return {.address = address, .side = Side::host}; }
End any(CUdeviceptr address) { return {.address = to_pointer(address), .side = Side::any}; }

}  // namespace

PASSBENCH_DRIVER_API CUresult cuMemcpyHtoD_v2(CUdeviceptr dst, const void* src, std::size_t bytes) {
    return copy(__func__, device(dst), host(src), bytes, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr dst, const void* src, std::size_t bytes,
                                                   CUstream stream) {
    return copy(__func__, device(dst), host(src), bytes, stream, Wait::no);
}
PASSBENCH_DRIVER_API CUresult cuMemcpyDtoH_v2(void* dst, CUdeviceptr src, std::size_t bytes) {
    return copy(__func__, host(dst), device(src), bytes, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpyDtoHAsync_v2(void* dst, CUdeviceptr src, std::size_t bytes, CUstream stream) {
    return copy(__func__, host(dst), device(src), bytes, stream, Wait::no);
}
PASSBENCH_DRIVER_API CUresult cuMemcpyDtoD_v2(CUdeviceptr dst, CUdeviceptr src, std::size_t bytes) {
    return copy(__func__, device(dst), device(src), bytes, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr dst, CUdeviceptr src, std::size_t bytes,
                                                   CUstream stream) {
    return copy(__func__, device(dst), device(src), bytes, stream, Wait::no);
}
PASSBENCH_DRIVER_API CUresult cuMemcpy(CUdeviceptr dst, CUdeviceptr src, std::size_t bytes) {
    return copy(__func__, any(dst), any(src), bytes, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpyAsync(CUdeviceptr dst, CUdeviceptr src, std::size_t bytes, CUstream stream) {
    return copy(__func__, any(dst), any(src), bytes, stream, Wait::no);
}

PASSBENCH_DRIVER_API CUresult cuMemsetD8_v2(CUdeviceptr dst, unsigned char uc, std::size_t n) {
    return fill(__func__, dst, uc, 1, n, CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD16_v2(CUdeviceptr dst, unsigned short us, std::size_t n) {
    return fill(__func__, dst, us, 2, n, CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD32_v2(CUdeviceptr dst, unsigned int ui, std::size_t n) {
    return fill(__func__, dst, ui, 4, n, CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD8Async(CUdeviceptr dst, unsigned char uc, std::size_t n, CUstream stream) {
    return fill(__func__, dst, uc, 1, n, stream);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD16Async(CUdeviceptr dst, unsigned short us, std::size_t n, CUstream stream) {
    return fill(__func__, dst, us, 2, n, stream);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD32Async(CUdeviceptr dst, unsigned int ui, std::size_t n, CUstream stream) {
    return fill(__func__, dst, ui, 4, n, stream);
}

}  // namespace passbench::emulation

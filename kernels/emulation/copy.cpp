// Entry points that copy and fill memory. How long a copy takes depends on the host's side: pinned memory is read and
// written by the device itself, other memory is staged by the host, which therefore waits even in the asynchronous calls.
#include <utility>

#include "kernels/emulation/copy_checks.hpp"
#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

enum class Wait : std::uint8_t { yes, no };

CUresult copy(const char* name, const CopyEnd& to, const CopyEnd& from, std::size_t bytes, CUstream handle, Wait wait) {
    return operation_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (bytes == 0) return CUDA_SUCCESS;
        CopyWork work;
        const CUresult checked = make_copy_work(to, from, {.row_bytes = bytes}, work);
        if (checked != CUDA_SUCCESS) return checked;
        const bool waits = wait == Wait::yes ? work.path != CopyPath::device : work.path == CopyPath::pageable;
        return submit(context, *stream, std::move(work), waits ? Blocking::yes : Blocking::no);
    });
}

CUresult fill(const char* name, CUdeviceptr to, std::uint32_t value, const FillExtent& extent, CUstream handle) {
    return operation_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        if (extent.columns == 0 || extent.rows == 0) return CUDA_SUCCESS;
        FillWork work;
        const CUresult checked = make_fill_work(to, value, extent, work);
        if (checked != CUDA_SUCCESS) return checked;
        return submit(context, *stream, std::move(work), Blocking::no);
    });
}

CopyEnd device(CUdeviceptr address) { return {.address = to_pointer(address), .memory = CU_MEMORYTYPE_DEVICE}; }
CopyEnd host(const void* address) { return {.address = const_cast<void*>(address), .memory = CU_MEMORYTYPE_HOST}; }
CopyEnd any(CUdeviceptr address) { return {.address = to_pointer(address), .memory = CU_MEMORYTYPE_UNIFIED}; }

CUresult copy_box(const char* name, const CUDA_MEMCPY3D* parameters, CUstream handle, Wait wait) {
    return operation_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        if (parameters == nullptr) return CUDA_ERROR_INVALID_VALUE;
        const auto stream = find_stream(context, handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        CopyWork work;
        const CUresult checked = make_copy_work(*parameters, work);
        if (checked != CUDA_SUCCESS) return checked;
        const bool waits = wait == Wait::yes ? work.path != CopyPath::device : work.path == CopyPath::pageable;
        return submit(context, *stream, std::move(work), waits ? Blocking::yes : Blocking::no);
    });
}

CUDA_MEMCPY3D in_three_dimensions(const CUDA_MEMCPY2D& flat) {
    CUDA_MEMCPY3D result = {};
    result.srcXInBytes = flat.srcXInBytes;
    result.srcY = flat.srcY;
    result.srcMemoryType = flat.srcMemoryType;
    result.srcHost = flat.srcHost;
    result.srcDevice = flat.srcDevice;
    result.srcPitch = flat.srcPitch;
    result.dstXInBytes = flat.dstXInBytes;
    result.dstY = flat.dstY;
    result.dstMemoryType = flat.dstMemoryType;
    result.dstHost = flat.dstHost;
    result.dstDevice = flat.dstDevice;
    result.dstPitch = flat.dstPitch;
    result.WidthInBytes = flat.WidthInBytes;
    result.Height = flat.Height;
    result.Depth = 1;
    return result;
}

CUresult copy_flat(const char* name, const CUDA_MEMCPY2D* parameters, CUstream handle, Wait wait) {
    if (parameters == nullptr) return CUDA_ERROR_INVALID_VALUE;
    const CUDA_MEMCPY3D box = in_three_dimensions(*parameters);
    return copy_box(name, &box, handle, wait);
}

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

PASSBENCH_DRIVER_API CUresult cuMemcpy2D_v2(const CUDA_MEMCPY2D* copy) {
    return copy_flat(__func__, copy, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpy2DUnaligned_v2(const CUDA_MEMCPY2D* copy) {
    return copy_flat(__func__, copy, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D* copy, CUstream stream) {
    return copy_flat(__func__, copy, stream, Wait::no);
}
PASSBENCH_DRIVER_API CUresult cuMemcpy3D_v2(const CUDA_MEMCPY3D* copy) {
    return copy_box(__func__, copy, CU_STREAM_LEGACY, Wait::yes);
}
PASSBENCH_DRIVER_API CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D* copy, CUstream stream) {
    return copy_box(__func__, copy, stream, Wait::no);
}

PASSBENCH_DRIVER_API CUresult cuMemsetD8_v2(CUdeviceptr dst, unsigned char uc, std::size_t n) {
    return fill(__func__, dst, uc, {.element_bytes = 1, .columns = n}, CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD16_v2(CUdeviceptr dst, unsigned short us, std::size_t n) {
    return fill(__func__, dst, us, {.element_bytes = 2, .columns = n}, CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD32_v2(CUdeviceptr dst, unsigned int ui, std::size_t n) {
    return fill(__func__, dst, ui, {.element_bytes = 4, .columns = n}, CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD8Async(CUdeviceptr dst, unsigned char uc, std::size_t n, CUstream stream) {
    return fill(__func__, dst, uc, {.element_bytes = 1, .columns = n}, stream);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD16Async(CUdeviceptr dst, unsigned short us, std::size_t n, CUstream stream) {
    return fill(__func__, dst, us, {.element_bytes = 2, .columns = n}, stream);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD32Async(CUdeviceptr dst, unsigned int ui, std::size_t n, CUstream stream) {
    return fill(__func__, dst, ui, {.element_bytes = 4, .columns = n}, stream);
}

PASSBENCH_DRIVER_API CUresult cuMemsetD2D8_v2(CUdeviceptr dst, std::size_t pitch, unsigned char uc, std::size_t width,
                                              std::size_t height) {
    return fill(__func__, dst, uc, {.element_bytes = 1, .columns = width, .rows = height, .pitch_bytes = pitch},
                CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD2D8Async(CUdeviceptr dst, std::size_t pitch, unsigned char uc, std::size_t width,
                                                std::size_t height, CUstream stream) {
    return fill(__func__, dst, uc, {.element_bytes = 1, .columns = width, .rows = height, .pitch_bytes = pitch},
                stream);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD2D16_v2(CUdeviceptr dst, std::size_t pitch, unsigned short us, std::size_t width,
                                               std::size_t height) {
    return fill(__func__, dst, us, {.element_bytes = 2, .columns = width, .rows = height, .pitch_bytes = pitch},
                CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD2D16Async(CUdeviceptr dst, std::size_t pitch, unsigned short us,
                                                 std::size_t width, std::size_t height, CUstream stream) {
    return fill(__func__, dst, us, {.element_bytes = 2, .columns = width, .rows = height, .pitch_bytes = pitch},
                stream);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD2D32_v2(CUdeviceptr dst, std::size_t pitch, unsigned int ui, std::size_t width,
                                               std::size_t height) {
    return fill(__func__, dst, ui, {.element_bytes = 4, .columns = width, .rows = height, .pitch_bytes = pitch},
                CU_STREAM_LEGACY);
}
PASSBENCH_DRIVER_API CUresult cuMemsetD2D32Async(CUdeviceptr dst, std::size_t pitch, unsigned int ui, std::size_t width,
                                                 std::size_t height, CUstream stream) {
    return fill(__func__, dst, ui, {.element_bytes = 4, .columns = width, .rows = height, .pitch_bytes = pitch},
                stream);
}

}  // namespace passbench::emulation

#include "kernels/emulation/copy_checks.hpp"

#include "kernels/emulation/driver_state.hpp"

namespace passbench::emulation {

namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 48;  // of any number in a copy, so that no product overflows

struct Looked {
    bool good;
    bool on_device;
    bool pageable;
};

Looked look_at(const CopyEnd& end, std::size_t bytes) {
    const auto allocation = driver().memory.find(end.address);
    if (!allocation) {
        return {
            .good = end.memory != CU_MEMORYTYPE_DEVICE && end.address != nullptr, .on_device = false, .pageable = true};
    }
    const bool wrong_side = end.memory == CU_MEMORYTYPE_HOST && allocation->kind == MemoryKind::device;
    return {.good = allocation->contains(end.address, bytes) && !wrong_side,
            .on_device = !allocation->on_host(),
            .pageable = false};
}

/// Bytes from the first to the last that are touched at one end.
std::size_t span_of(const CopyEnd& end, const CopyExtent& extent) {
    return (extent.slices - 1) * end.slice_bytes + (extent.rows - 1) * end.pitch_bytes + extent.row_bytes;
}

bool good_strides(const CopyEnd& end, const CopyExtent& extent) {
    return (extent.rows == 1 || (end.pitch_bytes >= extent.row_bytes && end.pitch_bytes < most_bytes / extent.rows)) &&
           (extent.slices == 1 ||
            (end.slice_bytes >= end.pitch_bytes * extent.rows && end.slice_bytes < most_bytes / extent.slices));
}

CopyWork::Side side_of(const CopyEnd& end) {
    return {
        .data = static_cast<std::byte*>(end.address), .pitch_bytes = end.pitch_bytes, .slice_bytes = end.slice_bytes};
}

/// One end of a CUDA_MEMCPY3D, moved to where the copy begins.
CopyEnd end_of(CUmemorytype memory, const void* host, CUdeviceptr device, const CopyEnd& strides, std::size_t x,
               std::size_t y, std::size_t z) {
    auto* base = static_cast<std::byte*>(memory == CU_MEMORYTYPE_HOST ? const_cast<void*>(host) : to_pointer(device));
    return {.address = base + z * strides.slice_bytes + y * strides.pitch_bytes + x,
            .memory = memory,
            .pitch_bytes = strides.pitch_bytes,
            .slice_bytes = strides.slice_bytes};
}

}  // namespace

CUresult make_copy_work(const CopyEnd& to, const CopyEnd& from, const CopyExtent& extent, CopyWork& work) {
    if (extent.row_bytes >= most_bytes || extent.rows >= most_bytes || extent.slices >= most_bytes)
        return CUDA_ERROR_INVALID_VALUE;
    if (!good_strides(to, extent) || !good_strides(from, extent)) return CUDA_ERROR_INVALID_VALUE;
    const Looked target = look_at(to, span_of(to, extent));
    const Looked source = look_at(from, span_of(from, extent));
    if (!target.good || !source.good) return CUDA_ERROR_INVALID_VALUE;
    CopyPath path = CopyPath::pinned;
    if (target.pageable || source.pageable) path = CopyPath::pageable;
    if (target.on_device && source.on_device) path = CopyPath::device;
    work = {.to = side_of(to),
            .from = side_of(from),
            .row_bytes = extent.row_bytes,
            .rows = extent.rows,
            .slices = extent.slices,
            .path = path};
    return CUDA_SUCCESS;
}

CUresult make_copy_work(const CUDA_MEMCPY3D& copy, CopyWork& work) {
    const auto known = [](CUmemorytype type) {
        return type == CU_MEMORYTYPE_HOST || type == CU_MEMORYTYPE_DEVICE || type == CU_MEMORYTYPE_UNIFIED;
    };
    if (!known(copy.srcMemoryType) || !known(copy.dstMemoryType)) return CUDA_ERROR_NOT_SUPPORTED;  // arrays
    if (copy.WidthInBytes == 0 || copy.Height == 0 || copy.Depth == 0) return CUDA_ERROR_INVALID_VALUE;
    for (const std::size_t number : {copy.srcXInBytes, copy.srcY, copy.srcZ, copy.srcPitch, copy.srcHeight,
                                     copy.dstXInBytes, copy.dstY, copy.dstZ, copy.dstPitch, copy.dstHeight}) {
        if (number > (std::size_t{1} << 31)) return CUDA_ERROR_INVALID_VALUE;
    }
    const auto strides = [&](std::size_t pitch, std::size_t height) {
        const std::size_t row = pitch != 0 ? pitch : copy.WidthInBytes;
        return CopyEnd{.address = nullptr,
                       .memory = CU_MEMORYTYPE_HOST,
                       .pitch_bytes = row,
                       .slice_bytes = row * (height != 0 ? height : copy.Height)};
    };
    const CopyEnd from = end_of(copy.srcMemoryType, copy.srcHost, copy.srcDevice,
                                strides(copy.srcPitch, copy.srcHeight), copy.srcXInBytes, copy.srcY, copy.srcZ);
    const CopyEnd to = end_of(copy.dstMemoryType, copy.dstHost, copy.dstDevice, strides(copy.dstPitch, copy.dstHeight),
                              copy.dstXInBytes, copy.dstY, copy.dstZ);
    return make_copy_work(to, from, {.row_bytes = copy.WidthInBytes, .rows = copy.Height, .slices = copy.Depth}, work);
}

CUresult make_fill_work(CUdeviceptr to, std::uint32_t value, const FillExtent& extent, FillWork& work) {
    const bool good_element = extent.element_bytes == 1 || extent.element_bytes == 2 || extent.element_bytes == 4;
    if (!good_element || to % extent.element_bytes != 0 || extent.columns == 0 || extent.rows == 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (extent.columns >= most_bytes || extent.rows >= most_bytes || extent.pitch_bytes >= most_bytes / extent.rows) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const std::size_t row_bytes = extent.columns * extent.element_bytes;
    if (extent.rows > 1 && (extent.pitch_bytes < row_bytes || extent.pitch_bytes % extent.element_bytes != 0)) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (!is_device_range(to_pointer(to), (extent.rows - 1) * extent.pitch_bytes + row_bytes))
        return CUDA_ERROR_INVALID_VALUE;
    work = {.to = to_pointer(to),
            .value = value,
            .element_bytes = extent.element_bytes,
            .columns = extent.columns,
            .rows = extent.rows,
            .pitch_bytes = extent.pitch_bytes};
    return CUDA_SUCCESS;
}

}  // namespace passbench::emulation

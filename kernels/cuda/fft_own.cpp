#include "kernels/cuda/fft_own.hpp"

#include <bit>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/fft_reference.hpp"
#include "kernels/cuda/fft_shape.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

Result<OwnFft> OwnFft::make(const Gpu& gpu, const FftShape& shape) {
    if (shape.size > fft_block_points) {
        return fail(
            {.code = ErrorCode::unsupported,
             .what = fmt::format("the own kernels transform up to {} points in a dimension, and {} are asked for",
                                 fft_block_points, shape.size),
             .fix = "Take by = \"library\", or smaller transforms."});
    }
    OwnFft result;
    result.shape_ = shape;
    PASSBENCH_TRY(result.module_, gpu.load(fft_image()));
    PASSBENCH_TRY(result.rows_,
                  (gpu.kernel<CUdeviceptr, CUdeviceptr, CUdeviceptr, unsigned, unsigned>(result.module_, "fft_rows")));
    PASSBENCH_TRY(result.transpose_, (gpu.kernel<CUdeviceptr, CUdeviceptr, unsigned>(result.module_, "fft_transpose")));
    std::vector<std::complex<float>> roots;
    for (const std::complex<double>& root : roots_of_unity(shape.size)) {
        roots.emplace_back(std::conj(root));  // forwards
    }
    const auto bytes = std::as_bytes(std::span(roots));
    PASSBENCH_TRY(result.roots_, gpu.allocate(bytes.size()));
    PASSBENCH_CHECK(gpu.upload(result.roots_, bytes));
    if (shape.dimensions == 2) {
        PASSBENCH_TRY(result.between_, gpu.allocate(shape.bytes()));
    }
    return result;
}

CUresult OwnFft::rows(const Stream& stream, CUdeviceptr in, CUdeviceptr out) const {
    const auto rows = static_cast<unsigned>(shape_.all_points() / shape_.size);
    const auto rows_a_block = static_cast<unsigned>(fft_block_points / shape_.size);
    const auto doublings = static_cast<unsigned>(std::bit_width(shape_.size) - 1);
    return rows_.launch(stream, {.blocks = (rows + rows_a_block - 1) / rows_a_block, .threads = fft_threads}, in, out,
                        roots_.address(), doublings, rows);
}

CUresult OwnFft::transpose(const Stream& stream, CUdeviceptr in, CUdeviceptr out) const {
    const auto tiles = static_cast<unsigned>((shape_.size + fft_tile - 1) / fft_tile);
    return transpose_.launch(
        stream, {.blocks = static_cast<unsigned>(shape_.batch) * tiles * tiles, .threads = fft_tile_threads}, in, out,
        static_cast<unsigned>(shape_.size));
}

CUresult OwnFft::enqueue(const Stream& stream, const DeviceMemory& in, const DeviceMemory& out) const {
    if (shape_.dimensions == 1) return rows(stream, in.address(), out.address());
    const CUdeviceptr between = between_.address();
    if (const CUresult step = rows(stream, in.address(), between); step != CUDA_SUCCESS) return step;
    if (const CUresult step = transpose(stream, between, out.address()); step != CUDA_SUCCESS) return step;
    if (const CUresult step = rows(stream, out.address(), between); step != CUDA_SUCCESS) return step;
    return transpose(stream, between, out.address());
}

}  // namespace passbench

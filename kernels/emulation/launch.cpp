// Entry points that launch kernels, and what may be launched.
#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/emulation/block_runner.hpp"
#include "kernels/emulation/launch_checks.hpp"
#include "kernels/emulation/submit.hpp"

namespace passbench::emulation {

namespace {

bool good_shape(const KernelEntry& kernel, const LaunchShape& shape) {
    const auto& [grid, block, shared, cooperative] = shape;
    if (grid.x == 0 || grid.y == 0 || grid.z == 0 || block.x == 0 || block.y == 0 || block.z == 0) return false;
    if (grid.x > 2147483647U || grid.y > 65535U || grid.z > 65535U) return false;
    if (block.x > 1024 || block.y > 1024 || block.z > 64) return false;
    const std::uint64_t threads = std::uint64_t{block.x} * block.y * block.z;
    return threads <= std::min(most_threads_a_block, kernel.most_threads);
}

/// Blocks that wait for each other have to be on the device at the same time.
bool all_resident(const Function& function, const LaunchShape& shape) {
    const auto& [grid, block, shared, cooperative] = shape;
    const auto places = std::uint64_t{cost_model.multiprocessors} *
                        static_cast<unsigned>(resident_blocks(function, block.x * block.y * block.z, shared));
    return std::uint64_t{grid.x} * grid.y * grid.z <= places;
}

/// Packs the parameters from either form in which cuLaunchKernel takes them; false where they do not fit the kernel.
bool pack(const KernelEntry& kernel, void** parameters, void** extra, PackedParameters& packed) {
    packed = PackedParameters(kernel.parameters_bytes);
    if (kernel.parameters_count == 0) return true;
    if (parameters != nullptr) {
        if (extra != nullptr) return false;
        for (std::uint32_t i = 0; i < kernel.parameters_count; ++i) {
            if (parameters[i] == nullptr) return false;
            std::memcpy(packed.data() + kernel.parameters[i].offset, parameters[i], kernel.parameters[i].size_bytes);
        }
        return true;
    }
    if (extra == nullptr) return false;
    const void* buffer = nullptr;
    std::size_t buffer_bytes = 0;
    for (void** option = extra; *option != CU_LAUNCH_PARAM_END; option += 2) {
        if (*option == CU_LAUNCH_PARAM_BUFFER_POINTER) {
            buffer = option[1];
        } else if (*option == CU_LAUNCH_PARAM_BUFFER_SIZE) {
            if (option[1] == nullptr) return false;
            std::memcpy(&buffer_bytes, option[1], sizeof buffer_bytes);
        } else {
            return false;
        }
    }
    if (buffer == nullptr || buffer_bytes < kernel.parameters_bytes) return false;
    std::memcpy(packed.data(), buffer, kernel.parameters_bytes);
    return true;
}

CUresult launch(const char* name, CUfunction handle, const LaunchShape& shape, CUstream stream_handle,
                void** parameters, void** extra) {
    return operation_call(name, cost_model.enqueue_ns, [&](Context& context) -> CUresult {
        KernelWork work;
        const CUresult checked = make_kernel_work(handle, shape, parameters, extra, work);
        if (checked != CUDA_SUCCESS) return checked;
        const auto stream = find_stream(context, stream_handle);
        if (!stream) return CUDA_ERROR_INVALID_HANDLE;
        return submit(context, *stream, std::move(work), Blocking::no);
    });
}

}  // namespace

CUresult make_kernel_work(CUfunction handle, const LaunchShape& shape, void** parameters, void** extra,
                          KernelWork& work) {
    const auto function = driver().functions.find(handle);
    if (!function) return CUDA_ERROR_INVALID_HANDLE;
    if (!good_shape(*function->kernel, shape)) return CUDA_ERROR_INVALID_VALUE;
    if (shape.dynamic_shared_bytes > function->most_dynamic_shared_bytes) return CUDA_ERROR_INVALID_VALUE;
    if (shape.cooperative && !all_resident(*function, shape)) return CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE;
    work.kernel = function->kernel;
    work.grid = shape.grid;
    work.block = shape.block;
    work.dynamic_shared_bytes = shape.dynamic_shared_bytes;
    work.cooperative = shape.cooperative;
    return pack(*function->kernel, parameters, extra, work.parameters) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}

PASSBENCH_DRIVER_API CUresult cuLaunchKernel(CUfunction f, unsigned int grid_dim_x, unsigned int grid_dim_y,
                                             unsigned int grid_dim_z, unsigned int block_dim_x,
                                             unsigned int block_dim_y, unsigned int block_dim_z,
                                             unsigned int shared_mem_bytes, CUstream stream, void** kernel_params,
                                             void** extra) {
    return launch(__func__, f,
                  {.grid = {grid_dim_x, grid_dim_y, grid_dim_z},
                   .block = {block_dim_x, block_dim_y, block_dim_z},
                   .dynamic_shared_bytes = shared_mem_bytes},
                  stream, kernel_params, extra);
}

PASSBENCH_DRIVER_API CUresult cuLaunchCooperativeKernel(CUfunction f, unsigned int grid_dim_x, unsigned int grid_dim_y,
                                                        unsigned int grid_dim_z, unsigned int block_dim_x,
                                                        unsigned int block_dim_y, unsigned int block_dim_z,
                                                        unsigned int shared_mem_bytes, CUstream stream,
                                                        void** kernel_params) {
    return launch(__func__, f,
                  {.grid = {grid_dim_x, grid_dim_y, grid_dim_z},
                   .block = {block_dim_x, block_dim_y, block_dim_z},
                   .dynamic_shared_bytes = shared_mem_bytes,
                   .cooperative = true},
                  stream, kernel_params, nullptr);
}

PASSBENCH_DRIVER_API CUresult cuLaunchKernelEx(const CUlaunchConfig* config, CUfunction f, void** kernel_params,
                                               void** extra) {
    if (config == nullptr || (config->numAttrs > 0 && config->attrs == nullptr)) return CUDA_ERROR_INVALID_VALUE;
    bool cooperative = false;
    for (unsigned i = 0; i < config->numAttrs; ++i) {
        switch (config->attrs[i].id) {
            case CU_LAUNCH_ATTRIBUTE_IGNORE:
            case CU_LAUNCH_ATTRIBUTE_PRIORITY:
            case CU_LAUNCH_ATTRIBUTE_ACCESS_POLICY_WINDOW:
                break;
            case CU_LAUNCH_ATTRIBUTE_COOPERATIVE:
                cooperative = config->attrs[i].value.cooperative != 0;
                break;
            default:
                return CUDA_ERROR_NOT_SUPPORTED;  // clusters, dependent launches
        }
    }
    return launch(__func__, f,
                  {.grid = {config->gridDimX, config->gridDimY, config->gridDimZ},
                   .block = {config->blockDimX, config->blockDimY, config->blockDimZ},
                   .dynamic_shared_bytes = config->sharedMemBytes,
                   .cooperative = cooperative},
                  config->hStream, kernel_params, extra);
}

PASSBENCH_DRIVER_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* num_blocks, CUfunction func,
                                                                          int block_size,
                                                                          std::size_t dynamic_smem_size) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (num_blocks == nullptr || block_size <= 0) return CUDA_ERROR_INVALID_VALUE;
        const auto function = driver().functions.find(func);
        if (!function) return CUDA_ERROR_INVALID_HANDLE;
        *num_blocks = resident_blocks(*function, static_cast<unsigned>(block_size), dynamic_smem_size);
        return CUDA_SUCCESS;
    });
}

PASSBENCH_DRIVER_API CUresult cuOccupancyMaxPotentialBlockSize(int* min_grid_size, int* block_size, CUfunction func,
                                                               CUoccupancyB2DSize shared_of_block_size,
                                                               std::size_t dynamic_smem_size, int block_size_limit) {
    return context_call(__func__, cost_model.call_ns, [&](const Context& /*context*/) {
        if (min_grid_size == nullptr || block_size == nullptr || block_size_limit < 0) return CUDA_ERROR_INVALID_VALUE;
        const auto function = driver().functions.find(func);
        if (!function) return CUDA_ERROR_INVALID_HANDLE;
        unsigned most = std::min(function->kernel->most_threads, most_threads_a_block);
        if (block_size_limit > 0) most = std::min(most, static_cast<unsigned>(block_size_limit));
        unsigned best = 0;
        unsigned best_threads = 0;
        // The largest block that keeps the most threads resident, as the documentation has it; whole warps.
        for (unsigned size = most; size > 0;
             size = size > warp_threads ? (size - 1) / warp_threads * warp_threads : 0) {
            const std::size_t shared =
                shared_of_block_size != nullptr ? shared_of_block_size(static_cast<int>(size)) : dynamic_smem_size;
            const auto threads = static_cast<unsigned>(resident_blocks(*function, size, shared)) * size;
            if (threads <= best_threads) continue;
            best = size;
            best_threads = threads;
        }
        if (best == 0) return CUDA_ERROR_INVALID_VALUE;
        *block_size = static_cast<int>(best);
        *min_grid_size = static_cast<int>(best_threads / best * cost_model.multiprocessors);
        return CUDA_SUCCESS;
    });
}

// The flags are about caches, of which there are none.
PASSBENCH_DRIVER_API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* num_blocks, CUfunction func,
                                                                                   int block_size,
                                                                                   std::size_t dynamic_smem_size,
                                                                                   unsigned int flags) {
    if (flags > CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE) return CUDA_ERROR_INVALID_VALUE;
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(num_blocks, func, block_size, dynamic_smem_size);
}
PASSBENCH_DRIVER_API CUresult cuOccupancyMaxPotentialBlockSizeWithFlags(int* min_grid_size, int* block_size,
                                                                        CUfunction func,
                                                                        CUoccupancyB2DSize shared_of_block_size,
                                                                        std::size_t dynamic_smem_size,
                                                                        int block_size_limit, unsigned int flags) {
    if (flags > CU_OCCUPANCY_DISABLE_CACHING_OVERRIDE) return CUDA_ERROR_INVALID_VALUE;
    return cuOccupancyMaxPotentialBlockSize(min_grid_size, block_size, func, shared_of_block_size, dynamic_smem_size,
                                            block_size_limit);
}

int resident_blocks(const Function& function, unsigned block_size, std::size_t dynamic_shared_bytes) {
    const std::size_t shared_bytes = function.static_shared_bytes + dynamic_shared_bytes;
    if (block_size > std::min(function.kernel->most_threads, most_threads_a_block) || shared_bytes > most_shared_bytes)
        return 0;
    constexpr unsigned most_blocks = 16;
    const unsigned whole_warps = (block_size + warp_threads - 1) / warp_threads * warp_threads;
    std::size_t blocks = std::min(most_blocks, cost_model.threads_a_multiprocessor / whole_warps);
    if (shared_bytes > 0) blocks = std::min(blocks, most_shared_bytes / shared_bytes);
    return static_cast<int>(blocks);
}

}  // namespace passbench::emulation

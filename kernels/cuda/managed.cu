// managed: adds to every word of memory that host and device share; the pages that the host has come to the device on the way.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(managed_add, (unsigned long long* words, std::size_t count, unsigned long long step)) {
    const std::size_t stride = static_cast<std::size_t>(gridDim.x) * blockDim.x;
    for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < count; i += stride) {
        words[i] += step;
    }
}

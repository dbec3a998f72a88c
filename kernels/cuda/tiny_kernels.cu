// tiny-kernels: one step. The first element stands behind the last once more, so that each has a neighbour on the right.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(tiny_step, (const float* from, float* to, float addend, unsigned elements)) {
    const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= elements) return;
    const float value = addend - from[i + 1];
    to[i] = value;
    if (i == 0) to[elements] = value;
}

// launch: as little as a kernel can do and still leave a trace. The result of the addition is not used, so that the thread does
// not wait for memory.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(launch_count, (unsigned long long* counter)) { atomicAdd(counter, 1ULL); }

// The look-back of scan alone, on states as they are when many tiles before have not come to their end: in a whole scan of the
// stand-in few blocks run at once.
#include "kernels/cuda/look_back.cuh"

/// One warp, as the last of these tiles.
PASSBENCH_KERNEL(look_back,
                 (unsigned long long* states, unsigned tile, unsigned long long own, unsigned long long* before)) {
    const unsigned long long sum = passbench::device::sum_of_tiles_before(states, tile, own);
    before[threadIdx.x] = sum;
}

// CUDA's device language for g++: included by force before every .cu that becomes a part of the stand-in driver. A CUDA
// thread is a fiber (kernels/emulation/block_runner.hpp), a block runs on one thread of the machine. Not all of CUDA: what
// the project's kernels use, and what does not compile is not there. Where CUDA leaves a result undefined (a shuffle from a
// lane that takes no part) the result here is all ones, which is NaN as a float, so that checks see it.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector_functions.h>
#include <vector_types.h>

#include "kernels/emulation/device_thread.hpp"
#include "kernels/emulation/kernel_entry.hpp"

#define PASSBENCH_EMULATION 1

// The toolkit's headers define most of these as nothing for a host compiler.
#undef __global__
#undef __device__
#undef __host__
#undef __constant__
#undef __shared__
#undef __managed__
#undef __launch_bounds__
#undef __grid_constant__
#define __device__
#define __host__
#define __constant__ static
#define __shared__ \
    static thread_local  // a block stays on its thread; what it holds at first is, as on a card, anything
#define __launch_bounds__(...)
#define __grid_constant__

#define threadIdx (::passbench::emulation::thread_index())
#define blockIdx (::passbench::emulation::block_index())
#define blockDim (::passbench::emulation::block_dim())
#define gridDim (::passbench::emulation::grid_dim())
#define warpSize 32

#include "kernels/emulation/shim/atomics.cuh"
#include "kernels/emulation/shim/mathematics.cuh"
#include "kernels/emulation/shim/synchronisation.cuh"

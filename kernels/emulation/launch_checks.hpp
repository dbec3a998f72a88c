// From the arguments of a launch, by whichever entry point they came, to work that a stream can run.
#pragma once

#include <cstddef>

#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/work.hpp"

namespace passbench::emulation {

struct LaunchShape {
    dim3 grid;
    dim3 block;
    unsigned dynamic_shared_bytes;
    bool cooperative = false;
};

/// Fills `work`, with a copy of the parameters; or says with CUDA's code what is wrong with the launch.
[[nodiscard]] CUresult make_kernel_work(CUfunction handle, const LaunchShape& shape, void** parameters, void** extra,
                                        KernelWork& work);

/// Blocks of this size that a multiprocessor holds at a time.
[[nodiscard]] int resident_blocks(const Function& function, unsigned block_size, std::size_t dynamic_shared_bytes);

}  // namespace passbench::emulation

// Runs the blocks of a launch: on the calling thread and, where there is enough work, on helpers that all launches share, with
// it one thread a CPU. Returns when all blocks have ended. Order of blocks is no promise, as on a card. Blocks of a cooperative
// launch run at the same time.
#pragma once

#include <cstdint>
#include <optional>

#include "kernels/emulation/block_runner.hpp"

namespace passbench::emulation {

struct GridLaunch {
    const KernelEntry* kernel;
    const std::byte* parameters;
    dim3 grid;
    dim3 block;
    unsigned dynamic_shared_bytes;
    bool cooperative;
    std::int64_t begin_ns;  // virtual, of the first block
    double block_ns;        // virtual, from one block's beginning to the next one's
};

struct GridOutcome {
    std::int64_t end_ns = 0;               // virtual, as far as the kernel has read timers or slept
    std::optional<KernelFailure> failure;  // of the first block that failed
};

[[nodiscard]] GridOutcome run_grid(const GridLaunch& launch);

}  // namespace passbench::emulation

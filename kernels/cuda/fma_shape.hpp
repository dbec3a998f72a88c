// What the two sides of the fma kernels agree on.
#pragma once

namespace passbench {

/// Independent accumulators of a thread: enough to hide the latency of a multiply-add (4 cycles; 8 warps a scheduler).
inline constexpr unsigned gpu_fma_accumulators = 8;

}  // namespace passbench

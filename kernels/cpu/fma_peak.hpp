// What arithmetic is compared with: how many multiply-adds the same threads do in registers, measured in the same trial. A measured
// limit, for a percentage; `fma` is the workload that measures it with care.
#pragma once

#include <string>

#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// 4-byte floating-point operations a second of the first `threads` workers together; the best of many bursts of about a
/// millisecond, which all begin at the same time. `isa` is one that the CPU has.
[[nodiscard]] double measure_fma_peak(ThreadPool& pool, int threads, Isa isa);

/// The same as a limit of metric `flops`: of the instruction set that is fastest here, and is named.
[[nodiscard]] InstanceLimit fma_peak_limit(ThreadPool& pool, int threads);

}  // namespace passbench

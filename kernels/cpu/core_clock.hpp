// The clock that a core really runs at, by timing a chain of additions of which each needs the one before: one cycle each on
// every x86-64 core. /proc/cpuinfo may be wrong, and a guest cannot read the performance counters.
#pragma once

namespace passbench {

/// Clock of the core that runs the calling thread, from one window of about 30 us. An interrupted window gives too little,
/// never too much: take the best of several.
[[nodiscard]] double measure_core_clock_hz();

}  // namespace passbench

// What the two sides of the stamped kernel agree on: mapped memory in which it leaves its times.
#pragma once

#include <cstdint>

namespace passbench {

/// Which times a launch leaves: the first of a row its begin, the last its end, a single one both.
enum class StampedAt : std::uint32_t { begin = 1, end = 2, both = 3 };

struct KernelStamps {
    std::uint64_t begin_ns;  // of the global timer
    std::uint64_t end_ns;
    std::uint64_t cycles;  // from begin to end within one kernel: the cycles of two are of two SMs
};

}  // namespace passbench

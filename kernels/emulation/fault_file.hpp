// The file that PASSBENCH_FAULT names: which faults the stand-in driver shall have. One `key = value` a line, # begins a
// comment; strict, because a fault that is misspelt would be a test that tests nothing. Knows nothing of CUDA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace passbench::emulation {

/// Counts begin with 1; 0 is never.
struct FaultPlan {
    bool no_device = false;
    bool old_driver = false;               // too old for the PTX in our modules
    std::uint64_t no_device_from = 0;      // processes that start the driver with this file
    bool no_concurrent_access = false;     // managed memory is not for host and device at the same time
    std::uint64_t out_of_memory_at = 0;    // allocations, of device or pinned memory
    std::uint64_t launch_error_at = 0;     // kernels
    std::uint64_t wrong_bit_at = 0;        // kernels
    std::uint64_t hung_kernel_at = 0;      // kernels
    std::uint64_t ecc_error_at = 0;        // kernels
    std::uint64_t device_lost_at = 0;      // calls that launch, copy or fill
    std::uint64_t pinned_limit_bytes = 0;  // 0: no limit
    std::uint64_t memory_bytes = 0;        // what the device has; 0: the cost model's
    std::uint64_t used_bytes = 0;          // of them, by others
    std::uint64_t resident_bytes = 0;  // what it can hold: what is allocated beyond lies in the host's memory; 0: all
    std::uint64_t stuck_bit_at =
        0;                          // in each allocation of the device that is longer, the lowest bit of this byte is 1
    std::uint64_t throttle_at = 0;  // kernels: from this one on at half the clock
    std::string odd_code_from;      // a function of the driver API, without _v2
    std::uint64_t odd_code = 999;   // what it returns; need not be in the enumeration
};

struct FaultFile {
    FaultPlan plan;
    std::string error;  // empty where the text is good; else begins with the number of the line
};

/// What cudaError_enum can hold, though it does not name all of it.
inline constexpr std::uint64_t most_odd_code = 1023;
inline constexpr std::size_t most_fault_file_bytes = std::size_t{64} << 10;
inline constexpr std::size_t most_fault_file_lines = 1000;

[[nodiscard]] FaultFile parse_fault_file(std::string_view text);

}  // namespace passbench::emulation

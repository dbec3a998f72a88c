// The file that PASSBENCH_FAULT names: which faults the stand-in driver and the stand-in NVML beside it shall have. One `key = value` a line, # begins a
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
    std::uint64_t slow_link = 1;    // copies across the bus take so many times as long
    std::string odd_code_from;      // a function of the driver API, without _v2
    std::uint64_t odd_code = 999;   // what it returns; need not be in the enumeration
    // What NVML says, beside what it sees of the faults above; under load, for an idle card has none of them.
    bool nvml_stale = false;                 // always that the card is idle
    std::uint64_t nvml_temperature = 0;      // in C
    std::uint64_t nvml_link_width = 0;       // lanes, of 16
    std::uint64_t nvml_link_generation = 0;  // of 3
    std::uint64_t nvml_ecc_at = 0;           // kernels: one uncorrectable error more
    std::uint64_t nvml_lost_at = 0;          // kernels: the card is lost, which the driver does not say
    bool nvml_denied = false;                // who asks may look, not set
    std::string nvml_unsupported;            // a function, by its exported name
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

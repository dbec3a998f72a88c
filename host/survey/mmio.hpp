// The memory-mapped I/O space of a virtual machine that a card is passed to: how much it needs, and whether that lies within
// the addresses that the host's processor has. A guest with too little boots, and has no card (facts 2.6).
#pragma once

#include <cstdint>

#include "harness/core/result.hpp"

namespace passbench {

struct MmioSpace {
    std::int64_t low_bytes;   // below 4 GiB: Set-VM -LowMemoryMappedIoSpace
    std::int64_t high_bytes;  // Set-VM -HighMemoryMappedIoSpace

    bool operator==(const MmioSpace&) const = default;
};

/// Where the high space of a virtual machine begins if nobody moved it (HighMmioGapBase): 64 GiB - 512 MiB.
inline constexpr std::int64_t default_high_mmio_base = (std::int64_t{64} << 30) - (std::int64_t{512} << 20);

/// For a card passed through whole, from the sums of its ranges: high = nextPow2(above) * 2 + 512 MiB, low = nextPow2(below) * 2 +
/// 128 MiB within 128 MiB and 3 GiB. Error `bad_record` where a sum is negative or larger than any card's.
[[nodiscard]] Result<MmioSpace> dda_mmio(std::int64_t below_4g_bytes, std::int64_t above_4g_bytes);

/// Error `precondition` where base + high exceeds 2^address_bits: names the numbers, and the base or the host that would do.
[[nodiscard]] Result<void> check_mmio_fits(const MmioSpace& space, std::int64_t high_base, std::int64_t address_bits);

/// For a shared card: low 1 GiB, and the most of 32, 16 and 8 GiB of high space that fit (facts 3.3). Error `precondition` as above
/// where 8 GiB do not.
[[nodiscard]] Result<MmioSpace> gpupv_mmio(std::int64_t high_base, std::int64_t address_bits);

}  // namespace passbench

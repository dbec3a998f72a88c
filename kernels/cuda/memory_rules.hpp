// How much of a card's memory a case may take, by the way the card came into this machine. Where the guest's own driver manages it
// (native, DDA, VFIO), 95 % of what was free. Where the Windows host does (GPU-PV, WSL2), too much does not end in an error here: it
// is moved into the host's memory without a word, or the host goes down with all its guests (WSL #40732). There a reserve stays
// untouched, and what may be taken is taken in steps. Pure: what the driver says of the memory comes in as numbers.
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/core/result.hpp"

namespace passbench {

enum class MemoryOwner : std::uint8_t { guest, host };

/// `passthrough` is a word of the probe's fact gpu.passthrough; "" where nobody has looked, then /dev/dxg decides.
[[nodiscard]] MemoryOwner memory_owner(std::string_view passthrough);

/// What the driver says.
struct CardMemory {
    std::int64_t free_bytes;
    std::int64_t total_bytes;
};

class MemoryRules {
public:
    /// `at_start` is from before the first allocation of this process.
    MemoryRules(MemoryOwner owner, const CardMemory& at_start);

    [[nodiscard]] MemoryOwner owner() const { return owner_; }
    /// What has to stay free.
    [[nodiscard]] std::int64_t reserve_bytes() const { return reserve_bytes_; }
    /// The largest single allocation.
    [[nodiscard]] std::int64_t step_bytes() const { return step_bytes_; }
    /// What may still be taken in all.
    [[nodiscard]] std::int64_t left_bytes(const CardMemory& now) const;
    /// Error `out_of_memory` (gpu.head_room) that names the rule, what was asked, what is free of how much, and what to do.
    [[nodiscard]] Result<void> check(std::int64_t asked_bytes, const CardMemory& now) const;

private:
    MemoryOwner owner_;
    CardMemory at_start_;
    std::int64_t reserve_bytes_;
    std::int64_t step_bytes_;
};

/// Before anything is allocated: under GPU-PV a card with more memory than its host makes all use of it fail, or the host with it
/// (WSL #40678). `host_bytes` is 0 where nobody knows it. Error `precondition` (gpu.more_memory_than_host).
[[nodiscard]] Result<void> check_host_memory(MemoryOwner owner, std::int64_t card_bytes, std::int64_t host_bytes);

}  // namespace passbench

// What stands between a case and the memory of a card: the rules before each allocation, and under GPU-PV a proof after it that the
// memory is the card's. WDDM moves what does not fit into the host's memory and says nothing; it shows in the rate at which it is
// filled, and in what the kernel's driver (dxgkrnl) logs. After the first such loss nothing more is allocated.
#pragma once

#include <memory>
#include <string>

#include "kernels/cuda/gpu.hpp"
#include "kernels/cuda/kernel_log.hpp"
#include "kernels/cuda/memory_rules.hpp"

namespace passbench {

/// Bytes a second that the memory can do by its clock and width; 0 where the driver does not tell them.
[[nodiscard]] double peak_bandwidth(const Gpu& gpu);

/// A fill or a read of memory, and the device's time for it.
struct Transfer {
    std::size_t bytes;
    double ns;
};
[[nodiscard]] double rate_of(const Transfer& transfer);

/// Whether the memory is the card's own and not the host's, behind PCI Express, which has at most a tenth of what the memory of cards
/// has (T4 16 to 320 GB/s, RTX 5090 64 to 1792): it takes at most eight times as long as at the larger of `peak` and `best`, the best
/// rate seen, in bytes a second; what a launch takes does not count.
[[nodiscard]] bool is_on_card(const Transfer& transfer, double peak, double best);

class MemoryGuard {
public:
    /// Before anything is allocated on `gpu`, which must outlive it. Error `precondition` where the card may not be used at all.
    [[nodiscard]] static Result<std::unique_ptr<MemoryGuard>> begin(const Gpu& gpu, const DriverChoice& choice);

    /// Error `out_of_memory`: against a rule (gpu.head_room), or after a loss of residency (gpu.residency_lost).
    [[nodiscard]] Result<void> check(std::size_t size_bytes);
    /// Fills the new allocation where that has to be proved. Error `out_of_memory` (gpu.residency_lost) where it is not on the card;
    /// the caller gives it back.
    [[nodiscard]] Result<void> prove(const DeviceMemory& fresh);

    /// For a case that wants as much as it can get: what may still be taken in all, and at once.
    [[nodiscard]] Result<std::size_t> left_bytes() const;
    [[nodiscard]] std::size_t step_bytes() const { return static_cast<std::size_t>(rules_.step_bytes()); }

private:
    MemoryGuard(const Gpu& gpu, const MemoryRules& rules);
    [[nodiscard]] Result<Transfer> fill(const DeviceMemory& fresh) const;

    const Gpu& gpu_;
    const MemoryRules rules_;
    const double peak_;
    const std::size_t proved_from_bytes_;
    KernelLog log_;
    double best_ = 0;   // of all fills, bytes a second
    std::string lost_;  // how residency was lost; "" where it was not
};

}  // namespace passbench

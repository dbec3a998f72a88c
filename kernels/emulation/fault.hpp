// The faults of this process: the plan of PASSBENCH_FAULT and how far its counts have come. Asked by the entry points and
// where kernels run.
#pragma once

#include <atomic>
#include <cstdint>
#include <cuda.h>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kernels/emulation/fault_file.hpp"
#include "kernels/emulation/kernel_entry.hpp"

namespace passbench::emulation {

enum class KernelFault : std::uint8_t { none, launch_error, wrong_bit, hung, ecc_error };

class Faults {
public:
    static constexpr double throttled_clock = 0.5;

    /// Reads the file that the environment names, anew only if it names another one than last time. CUDA_SUCCESS, what
    /// cuInit has to answer with this plan, or CUDA_ERROR_UNKNOWN after a line on stderr. With no_device_from the processes are
    /// counted in FILE.processes beside it, which grows by a byte with each.
    [[nodiscard]] CUresult load();

    [[nodiscard]] bool old_driver() const { return plan()->old_driver; }
    [[nodiscard]] bool no_concurrent_access() const { return plan()->no_concurrent_access; }
    /// What the function has to return instead of doing anything.
    [[nodiscard]] std::optional<CUresult> odd_code(const char* function) const;
    /// Counts an allocation; whether it fails. 0 for device memory, else the pinned bytes that there would be.
    [[nodiscard]] bool refuses_allocation(std::size_t pinned_bytes_after);
    /// Counts a call that launches, copies or fills: the device may be lost with it.
    void count_operation();
    [[nodiscard]] bool device_lost() const { return lost_; }
    /// Counts a kernel; what happens to it.
    [[nodiscard]] KernelFault next_kernel();
    /// What the SM's clock is multiplied with since the kernel that was counted last.
    [[nodiscard]] double clock_factor() const { return throttled_ ? throttled_clock : 1; }
    /// How many times as long copies across the bus take.
    [[nodiscard]] double link_factor() const { return link_factor_; }
    /// What next_kernel() has counted.
    [[nodiscard]] std::uint64_t kernels() const { return kernels_; }
    /// Of them, those that failed for an error in the memory that could not be corrected.
    [[nodiscard]] std::uint64_t ecc_errors() const;
    /// Some memory may lie in the host's.
    [[nodiscard]] bool pages_out() const { return pages_out_; }
    /// Where a bit of each allocation is stuck; 0: nowhere.
    [[nodiscard]] std::size_t stuck_bit_at() const { return stuck_bit_at_; }
    /// How large the device's memory is.
    struct Memory {
        std::size_t capacity_bytes;
        std::size_t used_bytes;      // by others
        std::size_t resident_bytes;  // of what is allocated first
    };
    [[nodiscard]] Memory memory() const;

private:
    [[nodiscard]] std::shared_ptr<const FaultPlan> plan() const;

    mutable std::mutex mutex_;
    std::string file_;
    std::shared_ptr<const FaultPlan> plan_ = std::make_shared<FaultPlan>();
    std::atomic<std::uint64_t> allocations_ = 0;
    std::atomic<std::uint64_t> operations_ = 0;
    std::atomic<std::uint64_t> kernels_ = 0;
    std::atomic<bool> lost_ = false;
    bool no_device_ = false;
    std::atomic<bool> throttled_ = false;
    std::atomic<bool> pages_out_ = false;
    std::atomic<double> link_factor_ = 1;
    std::atomic<std::size_t> stuck_bit_at_ = 0;
};

/// Turns one bit of what the kernel wrote: the sixth of the last byte that it changed, which in numbers of any type is
/// far from the rounding.
class WrongBit {
public:
    /// Remembers what the memory holds that the kernel may write, by its parameters.
    WrongBit(const KernelEntry& kernel, const std::byte* parameters);
    void apply() const;

private:
    struct Output {
        std::byte* data;
        std::string before;
    };
    std::vector<Output> outputs_;
};

}  // namespace passbench::emulation

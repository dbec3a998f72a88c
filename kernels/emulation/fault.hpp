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
    /// Reads the file that the environment names, anew only if it names another one than last time. CUDA_SUCCESS, what
    /// cuInit has to answer with this plan, or CUDA_ERROR_UNKNOWN after a line on stderr. With no_device_from the processes are
    /// counted in FILE.processes beside it, which grows by a byte with each.
    [[nodiscard]] CUresult load();

    [[nodiscard]] bool old_driver() const { return plan()->old_driver; }
    /// What the function has to return instead of doing anything.
    [[nodiscard]] std::optional<CUresult> odd_code(const char* function) const;
    /// Counts an allocation; whether it fails. 0 for device memory, else the pinned bytes that there would be.
    [[nodiscard]] bool refuses_allocation(std::size_t pinned_bytes_after);
    /// Counts a call that launches, copies or fills: the device may be lost with it.
    void count_operation();
    [[nodiscard]] bool device_lost() const { return lost_; }
    /// Counts a kernel; what happens to it.
    [[nodiscard]] KernelFault next_kernel();

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

// One GPU and what lives on it, as objects that give back what they hold: memory, streams, events, modules, kernels. A thin layer
// over driver.hpp: preparing goes through Results; what is timed calls the driver itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "harness/core/result.hpp"
#include "kernels/cuda/driver.hpp"
#include "kernels/cuda/memory_rules.hpp"

namespace passbench {

class MemoryGuard;

/// A handle of the driver's, released when the object ends. Move-only; must not outlive its Gpu.
template <typename Handle, auto release>
class Owned {
public:
    Owned() = default;
    Owned(const DriverCalls& calls, Handle handle) : calls_(&calls), handle_(handle) {}
    Owned(Owned&& other) noexcept : calls_(other.calls_), handle_(std::exchange(other.handle_, Handle{})) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(calls_, other.calls_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() {
        if (handle_ != Handle{}) (calls_->*release)(handle_);
    }
    [[nodiscard]] Handle get() const { return handle_; }

private:
    const DriverCalls* calls_ = nullptr;
    Handle handle_{};
};

using Stream = Owned<CUstream, &DriverCalls::cuStreamDestroy>;
using Event = Owned<CUevent, &DriverCalls::cuEventDestroy>;
using Module = Owned<CUmodule, &DriverCalls::cuModuleUnload>;
using Graph = Owned<CUgraph, &DriverCalls::cuGraphDestroy>;
using ExecutableGraph = Owned<CUgraphExec, &DriverCalls::cuGraphExecDestroy>;

/// Counts so many bytes in a total, for as long as it lives. Move-only.
class CountedBytes {
public:
    CountedBytes() = default;
    CountedBytes(std::shared_ptr<std::int64_t> total, std::size_t bytes)
        : total_(std::move(total)), bytes_(static_cast<std::int64_t>(bytes)) {
        *total_ += bytes_;
    }
    CountedBytes(CountedBytes&&) noexcept = default;
    CountedBytes& operator=(CountedBytes&& other) noexcept {
        std::swap(total_, other.total_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    CountedBytes(const CountedBytes&) = delete;
    CountedBytes& operator=(const CountedBytes&) = delete;
    ~CountedBytes() {
        if (total_) *total_ -= bytes_;
    }

private:
    std::shared_ptr<std::int64_t> total_;
    std::int64_t bytes_ = 0;
};

/// Memory of the device.
class DeviceMemory {
public:
    DeviceMemory() = default;
    /// `counted`: nothing for managed memory, which need not lie on the card.
    DeviceMemory(const DriverCalls& calls, CUdeviceptr address, std::size_t size_bytes, CountedBytes counted = {})
        : owned_(calls, address), size_bytes_(size_bytes), counted_(std::move(counted)) {}
    [[nodiscard]] CUdeviceptr address() const { return owned_.get(); }
    [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }

private:
    Owned<CUdeviceptr, &DriverCalls::cuMemFree> owned_;
    std::size_t size_bytes_ = 0;
    CountedBytes counted_;
};

/// Page-locked memory of the host: as it comes; promised to be reachable by kernels; or written past the host's caches, which
/// makes it slow to read there.
enum class PinnedKind { plain, mapped, write_combined };

/// Page-locked memory of the host, from which the card copies by itself.
class PinnedMemory {
public:
    PinnedMemory() = default;
    PinnedMemory(const DriverCalls& calls, void* address, std::size_t size_bytes)
        : owned_(calls, address), size_bytes_(size_bytes) {}
    [[nodiscard]] std::span<std::byte> bytes() const { return {static_cast<std::byte*>(owned_.get()), size_bytes_}; }

private:
    Owned<void*, &DriverCalls::cuMemFreeHost> owned_;
    std::size_t size_bytes_ = 0;
};

/// Page-locked memory of the host that kernels read and write where it is.
class MappedMemory {
public:
    MappedMemory() = default;
    MappedMemory(PinnedMemory host, CUdeviceptr address) : host_(std::move(host)), address_(address) {}
    [[nodiscard]] std::span<std::byte> bytes() const { return host_.bytes(); }
    /// Where kernels see it.
    [[nodiscard]] CUdeviceptr address() const { return address_; }

private:
    PinnedMemory host_;
    CUdeviceptr address_ = 0;
};

/// One dimension is all that our kernels need.
struct Grid {
    unsigned blocks;
    unsigned threads;  // a block
};

/// A kernel of this parameter list, as in its .cu. The parameters of a launch are copied by the driver before it returns.
template <typename... Parameters>
class Kernel {
public:
    Kernel() = default;
    Kernel(const DriverCalls& calls, CUfunction function) : calls_(&calls), function_(function) {}
    CUresult launch(const Stream& stream, Grid grid, Parameters... parameters) const {
        void* addresses[] = {static_cast<void*>(&parameters)...};
        return calls_->cuLaunchKernel(function_, grid.blocks, 1, 1, grid.threads, 1, 1, 0, stream.get(), addresses,
                                      nullptr);
    }

private:
    const DriverCalls* calls_ = nullptr;
    CUfunction function_ = nullptr;
};

/// 7.5 is a T4.
struct ComputeCapability {
    int major;
    int minor;
};

/// The first device of the driver with its primary context, current on the thread that opened it.
class Gpu {
public:
    /// `waiting` is how the host waits for the device: CU_CTX_SCHED_SPIN, _YIELD, _BLOCKING_SYNC, or _AUTO for what the driver
    /// chooses. Error `unsupported` where the driver keeps a way of its own.
    [[nodiscard]] static Result<std::unique_ptr<const Gpu>> open(const DriverChoice& choice,
                                                                 CUctx_flags waiting = CU_CTX_SCHED_AUTO);
    ~Gpu();
    Gpu(const Gpu&) = delete;
    Gpu& operator=(const Gpu&) = delete;

    [[nodiscard]] const DriverCalls& calls() const { return driver_->calls(); }
    [[nodiscard]] const Driver& driver() const { return *driver_; }
    [[nodiscard]] CUdevice device() const { return device_; }
    [[nodiscard]] std::string name() const;
    /// Such as 0000:65:00.0; what a paravirtual GPU calls itself is no address of this machine's bus.
    [[nodiscard]] std::string pci_bus_id() const;
    /// As NVML has it, "GPU-..."; empty where the driver does not tell.
    [[nodiscard]] std::string uuid() const;
    /// What allocate() gave and is not freed.
    [[nodiscard]] std::int64_t allocated_bytes() const { return *allocated_bytes_; }
    /// 0 where the driver does not know the attribute.
    [[nodiscard]] int attribute(CUdevice_attribute attribute) const;

    /// The error of a call of the driver, with what was being done.
    [[nodiscard]] Result<void> check(CUresult result, std::string_view doing) const {
        return driver_->check(result, doing);
    }

    [[nodiscard]] ComputeCapability compute_capability() const {
        return {.major = attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                .minor = attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)};
    }

    [[nodiscard]] Result<Stream> make_stream() const;
    [[nodiscard]] Result<Event> make_event(CUevent_flags flags = CU_EVENT_DEFAULT) const;
    /// What the driver says of the card's memory now.
    [[nodiscard]] Result<CardMemory> memory() const;
    /// Errors: `out_of_memory` with the bytes asked for and those that are free, by the driver or by the rules of memory_guard.hpp.
    [[nodiscard]] Result<DeviceMemory> allocate(std::size_t size_bytes) const;
    /// Memory of both host and device, under the same rules; also `unsupported` where they cannot use it at the same time.
    [[nodiscard]] Result<DeviceMemory> allocate_managed(std::size_t size_bytes) const;
    /// The rules that allocate() goes by, for a case that wants as much as it can get.
    [[nodiscard]] const MemoryGuard& memory_guard() const { return *guard_; }
    /// Errors: `unsupported`, finding gpu.pinned_limit, with how much can be pinned, where it is less; `out_of_memory` where it is
    /// nothing at all.
    [[nodiscard]] Result<PinnedMemory> allocate_pinned(std::size_t size_bytes,
                                                       PinnedKind kind = PinnedKind::plain) const;
    /// Where kernels find pinned memory.
    [[nodiscard]] Result<CUdeviceptr> device_address(const PinnedMemory& memory) const;
    /// Pinned memory of the kind `mapped`, with where kernels find it. Also `unsupported` where they cannot reach it at all.
    [[nodiscard]] Result<MappedMemory> allocate_mapped(std::size_t size_bytes) const;
    [[nodiscard]] Result<Module> load(std::span<const std::byte> fatbin) const;

    template <typename... Parameters>
    [[nodiscard]] Result<Kernel<Parameters...>> kernel(const Module& module, const char* kernel_name) const {
        CUfunction function = nullptr;
        PASSBENCH_CHECK(check(calls().cuModuleGetFunction(&function, module.get(), kernel_name),
                              std::string("finding the kernel ") + kernel_name));
        return Kernel<Parameters...>(calls(), function);
    }

    /// Copies between host and device that end before they return. The sizes are those of the host's memory, at most the device's.
    [[nodiscard]] Result<void> upload(const DeviceMemory& to, std::span<const std::byte> from) const;
    [[nodiscard]] Result<void> download(std::span<std::byte> to, const DeviceMemory& from) const;

private:
    Gpu(std::shared_ptr<const Driver> driver, CUdevice device, CUctx_flags waiting);
    [[nodiscard]] CUresult pin(void** address, std::size_t size_bytes, PinnedKind kind) const;
    [[nodiscard]] std::size_t largest_pinned(std::size_t below_bytes, PinnedKind kind) const;
    [[nodiscard]] Result<void> check_allocation(CUresult result, std::size_t size_bytes) const;

    std::shared_ptr<const Driver> driver_;
    CUdevice device_;
    CUctx_flags waiting_;
    std::unique_ptr<MemoryGuard> guard_;  // remembers a loss of residency
    std::shared_ptr<std::int64_t> allocated_bytes_ = std::make_shared<std::int64_t>(0);
};

}  // namespace passbench

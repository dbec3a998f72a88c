#include "kernels/cuda/gpu.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cuda/driver_trouble.hpp"
#include "kernels/cuda/memory_guard.hpp"
#include "kernels/cuda/uuid_text.hpp"

namespace passbench {

namespace {

/// The flags are those of the context that the process shares: they are set before it is made.
Result<void> check_waiting(const Driver& driver, CUctx_flags waiting) {
    unsigned flags = 0;
    PASSBENCH_CHECK(driver.check(driver.calls().cuCtxGetFlags(&flags), "asking how the CUDA context waits"));
    if ((flags & CU_CTX_SCHED_MASK) == static_cast<unsigned>(waiting)) return {};
    return fail({.code = ErrorCode::unsupported,
                 .what = fmt::format("the CUDA driver waits in its own way (flags {:#x}) whatever it is told ({:#x})",
                                     flags & CU_CTX_SCHED_MASK, static_cast<unsigned>(waiting)),
                 .fix = "Leave the parameter `sync` at a word that this driver takes."});
}

}  // namespace

Result<std::unique_ptr<const Gpu>> Gpu::open(const DriverChoice& choice, CUctx_flags waiting) {
    PASSBENCH_TRY(auto driver, Driver::load(choice));
    const DriverCalls& calls = driver->calls();
    CUdevice device = 0;
    PASSBENCH_CHECK(driver->check(calls.cuDeviceGet(&device, 0), "opening the first CUDA device"));
    if (waiting != CU_CTX_SCHED_AUTO) {
        PASSBENCH_CHECK(
            driver->check(calls.cuDevicePrimaryCtxSetFlags(device, waiting), "choosing how the CUDA context waits"));
    }
    CUcontext context = nullptr;
    PASSBENCH_CHECK(
        driver->check(calls.cuDevicePrimaryCtxRetain(&context, device), "making a context on the CUDA device"));
    std::unique_ptr<Gpu> gpu(new Gpu(std::move(driver), device, waiting));
    PASSBENCH_CHECK(gpu->check(gpu->calls().cuCtxSetCurrent(context), "entering the CUDA context"));
    if (waiting != CU_CTX_SCHED_AUTO) PASSBENCH_CHECK(check_waiting(gpu->driver(), waiting));
    PASSBENCH_TRY(gpu->guard_, MemoryGuard::begin(*gpu, choice));
    return gpu;
}

Gpu::Gpu(std::shared_ptr<const Driver> driver, CUdevice device, CUctx_flags waiting)
    : driver_(std::move(driver)), device_(device), waiting_(waiting) {}

Gpu::~Gpu() {
    calls().cuDevicePrimaryCtxRelease(device_);
    // The next one of this process shall not wait in a way that it did not ask for.
    if (waiting_ != CU_CTX_SCHED_AUTO) calls().cuDevicePrimaryCtxSetFlags(device_, CU_CTX_SCHED_AUTO);
}

std::string Gpu::name() const {
    std::array<char, 256> text{};
    calls().cuDeviceGetName(text.data(), static_cast<int>(text.size()) - 1, device_);
    return text.data();
}

std::string Gpu::pci_bus_id() const {
    std::array<char, 32> text{};
    calls().cuDeviceGetPCIBusId(text.data(), static_cast<int>(text.size()) - 1, device_);
    return text.data();
}

std::string Gpu::uuid() const {
    CUuuid uuid{};
    if (calls().cuDeviceGetUuid(&uuid, device_) != CUDA_SUCCESS) return {};
    return uuid_text(uuid);
}

int Gpu::attribute(CUdevice_attribute attribute) const {
    int value = 0;
    return calls().cuDeviceGetAttribute(&value, attribute, device_) == CUDA_SUCCESS ? value : 0;
}

Result<Stream> Gpu::make_stream() const {
    CUstream stream = nullptr;
    PASSBENCH_CHECK(check(calls().cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING), "making a CUDA stream"));
    return Stream(calls(), stream);
}

Result<Event> Gpu::make_event(CUevent_flags flags) const {
    CUevent event = nullptr;
    PASSBENCH_CHECK(check(calls().cuEventCreate(&event, flags), "making a CUDA event"));
    return Event(calls(), event);
}

Result<CardMemory> Gpu::memory() const {
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    PASSBENCH_CHECK(check(calls().cuMemGetInfo(&free_bytes, &total_bytes), "asking for free device memory"));
    return CardMemory{.free_bytes = static_cast<std::int64_t>(free_bytes),
                      .total_bytes = static_cast<std::int64_t>(total_bytes)};
}

Result<DeviceMemory> Gpu::allocate(std::size_t size_bytes) const {
    PASSBENCH_CHECK(guard_->check(size_bytes));
    CUdeviceptr address = 0;
    const CUresult result = calls().cuMemAlloc(&address, size_bytes);
    PASSBENCH_CHECK(check_allocation(result, size_bytes));
    DeviceMemory fresh(calls(), address, size_bytes, CountedBytes(allocated_bytes_, size_bytes));
    PASSBENCH_CHECK(guard_->prove(fresh));
    return fresh;
}

Result<DeviceMemory> Gpu::allocate_managed(std::size_t size_bytes) const {
    if (attribute(CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS) == 0) {
        return fail({.code = ErrorCode::unsupported,
                     .what = name() +
                             " cannot share managed memory with the CPU while it works (concurrentManagedAccess is "
                             "0), as under GPU-PV and WSL2",
                     .fix = "Measure managed memory where the card is passed through whole (DDA, VFIO) or is native."});
    }
    PASSBENCH_CHECK(guard_->check(size_bytes));
    CUdeviceptr address = 0;
    const CUresult result = calls().cuMemAllocManaged(&address, size_bytes, CU_MEM_ATTACH_GLOBAL);
    PASSBENCH_CHECK(check_allocation(result, size_bytes));
    return DeviceMemory(calls(), address, size_bytes);
}

Result<void> Gpu::check_allocation(CUresult result, std::size_t size_bytes) const {
    if (result == CUDA_SUCCESS) return {};
    PASSBENCH_TRY(const CardMemory now, memory());
    return check(result, fmt::format("allocating {} on the device, which has {} free of {},",
                                     format_bytes(static_cast<std::int64_t>(size_bytes)), format_bytes(now.free_bytes),
                                     format_bytes(now.total_bytes)));
}

CUresult Gpu::pin(void** address, std::size_t size_bytes, PinnedKind kind) const {
    switch (kind) {
        case PinnedKind::plain:
            return calls().cuMemAllocHost(address, size_bytes);
        case PinnedKind::mapped:
            return calls().cuMemHostAlloc(address, size_bytes, CU_MEMHOSTALLOC_DEVICEMAP);
        case PinnedKind::write_combined:
            break;
    }
    return calls().cuMemHostAlloc(address, size_bytes, CU_MEMHOSTALLOC_DEVICEMAP | CU_MEMHOSTALLOC_WRITECOMBINED);
}

/// To a sixteenth of what was asked for, by bisection: how much a system lets be pinned it tells in no other way.
std::size_t Gpu::largest_pinned(std::size_t below_bytes, PinnedKind kind) const {
    constexpr std::size_t parts = 16;
    std::size_t works = 0;
    std::size_t fails = below_bytes;
    while (fails - works > std::max<std::size_t>(below_bytes / parts, 1)) {
        const std::size_t middle = works + (fails - works) / 2;
        void* address = nullptr;
        if (pin(&address, middle, kind) == CUDA_SUCCESS) {
            calls().cuMemFreeHost(address);
            works = middle;
        } else {
            fails = middle;
        }
    }
    return works;
}

Result<PinnedMemory> Gpu::allocate_pinned(std::size_t size_bytes, PinnedKind kind) const {
    void* address = nullptr;
    const CUresult result = pin(&address, size_bytes, kind);
    const std::string doing = "pinning " + format_bytes(static_cast<std::int64_t>(size_bytes)) + " of host memory";
    if (result == CUDA_ERROR_OUT_OF_MEMORY) {
        if (const std::size_t largest = largest_pinned(size_bytes, kind); largest > 0) {
            return fail(
                pinned_limit(fmt::format("{}; about {} can be pinned at once", check(result, doing).error().what,
                                         format_bytes(static_cast<std::int64_t>(largest)))));
        }
    }
    PASSBENCH_CHECK(check(result, doing));
    return PinnedMemory(calls(), address, size_bytes);
}

Result<CUdeviceptr> Gpu::device_address(const PinnedMemory& memory) const {
    CUdeviceptr address = 0;
    PASSBENCH_CHECK(check(calls().cuMemHostGetDevicePointer(&address, memory.bytes().data(), 0),
                          "asking where the device finds pinned host memory"));
    return address;
}

Result<MappedMemory> Gpu::allocate_mapped(std::size_t size_bytes) const {
    if (attribute(CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY) == 0) {
        return fail({.code = ErrorCode::unsupported, .what = "this device cannot map the host's memory"});
    }
    PASSBENCH_TRY(PinnedMemory memory, allocate_pinned(size_bytes, PinnedKind::mapped));
    PASSBENCH_TRY(const CUdeviceptr address, device_address(memory));
    return MappedMemory(std::move(memory), address);
}

Result<Module> Gpu::load(std::span<const std::byte> fatbin) const {
    CUmodule module = nullptr;
    PASSBENCH_CHECK(
        check(calls().cuModuleLoadData(&module, fatbin.data()),
              fmt::format("loading kernels (PTX of CUDA 13 beside machine code) on {} with a driver for CUDA {}.{}",
                          name(), driver().api_version() / 1000, driver().api_version() % 1000 / 10)));
    return Module(calls(), module);
}

Result<void> Gpu::upload(const DeviceMemory& to, std::span<const std::byte> from) const {
    assert(from.size() <= to.size_bytes());
    PASSBENCH_CHECK(
        check(calls().cuMemcpyHtoD(to.address(), from.data(), from.size()), "copying inputs to the device"));
    // From pageable memory the call may return when the data is staged, and our streams do not wait for the default one.
    return check(calls().cuCtxSynchronize(), "copying inputs to the device");
}

Result<void> Gpu::download(std::span<std::byte> to, const DeviceMemory& from) const {
    assert(to.size() <= from.size_bytes());
    return check(calls().cuMemcpyDtoH(to.data(), from.address(), to.size()), "copying results from the device");
}

}  // namespace passbench

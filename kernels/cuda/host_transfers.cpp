#include "kernels/cuda/host_transfers.hpp"

#include <utility>

namespace passbench {

Result<TransferMemory> TransferMemory::allocate(const Gpu& gpu, std::size_t size_bytes) {
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    TransferMemory memory;
    if (auto pinned = gpu.allocate_pinned(size_bytes)) {
        memory.pinned_ = *std::move(pinned);
    } else {
        PASSBENCH_TRY(memory.pageable_, Buffer::allocate(size_bytes));
    }
    return memory;
}

Result<std::int64_t> time_transfers(const Gpu& gpu, const Stream& stream, std::span<const Upload> inputs,
                                    const DeviceMemory& results, const TransferMemory& to) {
    const DriverCalls& calls = gpu.calls();
    const WallClock now = gpu.driver().clock();
    CUresult status = CUDA_SUCCESS;
    const auto keep = [&status](CUresult result) {
        if (status == CUDA_SUCCESS) status = result;
    };
    const std::int64_t begin = now();
    for (const auto& [from, device] : inputs) {
        keep(calls.cuMemcpyHtoDAsync(device.address(), from.bytes().data(), from.bytes().size(), stream.get()));
    }
    keep(calls.cuStreamSynchronize(stream.get()));
    keep(calls.cuMemcpyDtoHAsync(to.bytes().data(), results.address(), to.bytes().size(), stream.get()));
    keep(calls.cuStreamSynchronize(stream.get()));
    const std::int64_t spent_ns = now() - begin;
    PASSBENCH_CHECK(gpu.check(status, "copying inputs and results"));
    return spent_ns;
}

}  // namespace passbench

// The memory of products C = A B on a device, and where the host has inputs and results.
#pragma once

#include <cstddef>

#include "kernels/cuda/gpu.hpp"
#include "kernels/cuda/host_transfers.hpp"

namespace passbench {

struct ProductMemory {
    DeviceMemory a;
    DeviceMemory b;
    DeviceMemory c;
    TransferMemory host_a;
    TransferMemory host_b;
    TransferMemory host_c;

    /// `operand_bytes`: of A, and of B. Error `out_of_memory` with the bytes asked for.
    [[nodiscard]] static Result<ProductMemory> allocate(const Gpu& gpu, std::size_t operand_bytes,
                                                        std::size_t result_bytes) {
        ProductMemory memory;
        PASSBENCH_TRY(memory.a, gpu.allocate(operand_bytes));
        PASSBENCH_TRY(memory.b, gpu.allocate(operand_bytes));
        PASSBENCH_TRY(memory.c, gpu.allocate(result_bytes));
        PASSBENCH_TRY(memory.host_a, TransferMemory::allocate(gpu, operand_bytes));
        PASSBENCH_TRY(memory.host_b, TransferMemory::allocate(gpu, operand_bytes));
        PASSBENCH_TRY(memory.host_c, TransferMemory::allocate(gpu, result_bytes));
        return memory;
    }
};

}  // namespace passbench

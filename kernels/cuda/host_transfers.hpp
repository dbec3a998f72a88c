// What a user pays who has the inputs on the host and wants the results there: column transfers_ns, metric `transfers`, from which a
// speed-up over the cpu form is told with transfers too.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

/// Host memory that inputs are copied from and results to: pinned, as a user would have it, or pageable where the system does not
/// pin so much (WSL2).
class TransferMemory {
public:
    TransferMemory() = default;
    /// Error `out_of_memory` with the bytes asked for.
    [[nodiscard]] static Result<TransferMemory> allocate(const Gpu& gpu, std::size_t size_bytes);
    [[nodiscard]] std::span<std::byte> bytes() const { return is_pinned() ? pinned_.bytes() : pageable_.bytes(); }
    /// As an array; `T` is trivial.
    template <typename T>
    [[nodiscard]] std::span<T> as() const {
        return {reinterpret_cast<T*>(bytes().data()), bytes().size() / sizeof(T)};
    }
    [[nodiscard]] bool is_pinned() const { return !pinned_.bytes().empty(); }

private:
    PinnedMemory pinned_;
    Buffer pageable_;
};

/// An input as it is copied to the device.
struct Upload {
    const TransferMemory& from;
    const DeviceMemory& to;
};

/// Copies the inputs, waits, copies the results back, waits; the nanoseconds of it on the clock of the driver.
[[nodiscard]] Result<std::int64_t> time_transfers(const Gpu& gpu, const Stream& stream, std::span<const Upload> inputs,
                                                  const DeviceMemory& results, const TransferMemory& to);

}  // namespace passbench

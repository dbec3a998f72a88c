// Host memory that inputs come from and results go to: page-locked where these transfers are a part of the timed work, else as malloc
// gives it, for under GPU-PV page-locked memory is scarce.
#pragma once

#include "kernels/cpu/buffer.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

/// Whether an iteration brings its inputs to the device and its results back.
enum class Transfers { included, excluded };

class Staging {
public:
    /// Errors as those of Gpu::allocate_pinned and Buffer::allocate.
    [[nodiscard]] static Result<Staging> allocate(const Gpu& gpu, Transfers transfers, std::size_t size_bytes) {
        Staging memory;
        if (transfers == Transfers::included) {
            PASSBENCH_TRY(memory.pinned_, gpu.allocate_pinned(size_bytes));
        } else {
            PASSBENCH_TRY(memory.pageable_, Buffer::allocate(size_bytes));
        }
        return memory;
    }
    [[nodiscard]] std::span<std::byte> bytes() const {
        return pageable_.bytes().empty() ? pinned_.bytes() : pageable_.bytes();
    }
    /// The memory as an array; `T` is trivial.
    template <typename T>
    [[nodiscard]] std::span<T> as() const {
        return {reinterpret_cast<T*>(bytes().data()), bytes().size() / sizeof(T)};
    }

private:
    PinnedMemory pinned_;
    Buffer pageable_;
};

/// Of the catalogue's parameter `transfers`.
[[nodiscard]] inline Transfers transfers_of(std::string_view word) {
    return word == "included" ? Transfers::included : Transfers::excluded;
}

}  // namespace passbench

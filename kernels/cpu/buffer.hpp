// Memory for measuring: page-aligned, asked to be huge pages, and not touched yet, so that the worker that uses a part of
// it touches it first and gets it near. Not for small or short-lived data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "harness/core/result.hpp"
#include "kernels/cpu/pages.hpp"

namespace passbench {

class Buffer {
public:
    /// Zero bytes, aligned to a huge page (2 MiB). Error `out_of_memory` with the bytes that were asked for.
    [[nodiscard]] static Result<Buffer> allocate(std::size_t size_bytes, Pages pages = Pages::usual);
    Buffer() = default;
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer();

    [[nodiscard]] std::span<std::byte> bytes() const { return {data_, size_bytes_}; }
    /// The buffer as an array; `T` is trivial.
    template <typename T>
    [[nodiscard]] std::span<T> as() const {
        return {reinterpret_cast<T*>(data_), size_bytes_ / sizeof(T)};
    }

    /// How much of the memory that was touched lies in huge pages, 0 to 1. Nothing where the kernel does not tell (smaps).
    [[nodiscard]] std::optional<double> huge_page_share() const { return huge_page_share_of(data_); }

private:
    void* mapping_ = nullptr;
    std::size_t mapping_bytes_ = 0;
    std::byte* data_ = nullptr;
    std::size_t size_bytes_ = 0;
};

/// Error `out_of_memory` where `needed_bytes` are more than `available_bytes`: touching more than there is ends in the kernel
/// killing some process, which no allocation reports.
[[nodiscard]] Result<void> require_memory(std::int64_t needed_bytes, std::optional<std::int64_t> available_bytes);

}  // namespace passbench

#include "kernels/cpu/buffer.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "harness/core/units.hpp"

namespace passbench {

namespace {

tl::unexpected<Error> out_of_memory(std::int64_t needed_bytes, const std::string& why) {
    return fail({.code = ErrorCode::out_of_memory,
                 .what = "the case needs " + std::to_string(needed_bytes) + " bytes (" + format_bytes(needed_bytes) +
                         ") of memory: " + why,
                 .fix = "Take a smaller `bytes`, or give the machine more memory."});
}

}  // namespace

Result<Buffer> Buffer::allocate(std::size_t size_bytes, Pages pages) {
    Buffer buffer;
    // A huge page has to lie in the mapping as a whole.
    const std::size_t used_bytes =
        pages == Pages::huge ? (size_bytes + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes : size_bytes;
    buffer.mapping_bytes_ = used_bytes + huge_page_bytes;  // room to align
    void* const mapping = map_pages(buffer.mapping_bytes_);
    if (mapping == nullptr) {
        return out_of_memory(static_cast<std::int64_t>(size_bytes), std::strerror(errno));
    }
    buffer.mapping_ = mapping;
    const auto address = reinterpret_cast<std::uintptr_t>(mapping);
    const std::uintptr_t skipped = (huge_page_bytes - address % huge_page_bytes) % huge_page_bytes;
    buffer.data_ = static_cast<std::byte*>(mapping) + skipped;
    buffer.size_bytes_ = size_bytes;
    prefer_pages(buffer.data_, used_bytes, pages);
    return buffer;
}

Buffer::Buffer(Buffer&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)),
      mapping_bytes_(std::exchange(other.mapping_bytes_, 0)),
      data_(std::exchange(other.data_, nullptr)),
      size_bytes_(std::exchange(other.size_bytes_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
    std::swap(mapping_, other.mapping_);
    std::swap(mapping_bytes_, other.mapping_bytes_);
    std::swap(data_, other.data_);
    std::swap(size_bytes_, other.size_bytes_);
    return *this;
}

Buffer::~Buffer() {
    if (mapping_ != nullptr) static_cast<void>(unmap_pages(mapping_, mapping_bytes_));
}

Result<void> require_memory(std::int64_t needed_bytes, std::optional<std::int64_t> available_bytes) {
    if (!available_bytes || needed_bytes <= *available_bytes) return {};
    return out_of_memory(needed_bytes, format_bytes(*available_bytes) + " are available");
}

}  // namespace passbench

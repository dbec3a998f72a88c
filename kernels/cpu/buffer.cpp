#include "kernels/cpu/buffer.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

tl::unexpected<Error> out_of_memory(std::int64_t needed_bytes, const std::string& why) {
    return fail({.code = ErrorCode::out_of_memory,
                 .what = "the case needs " + std::to_string(needed_bytes) + " bytes (" + format_bytes(needed_bytes) +
                         ") of memory: " + why,
                 .fix = "Take a smaller `bytes`, or give the machine more memory."});
}

/// Of a line of smaps that begins a mapping: "7f0000000000-7f0000200000 rw-p ...".
std::optional<std::pair<std::uintptr_t, std::uintptr_t>> range_of(std::string_view line) {
    constexpr int hexadecimal = 16;
    std::pair<std::uintptr_t, std::uintptr_t> range;
    const char* const end = line.data() + line.size();
    const auto first = std::from_chars(line.data(), end, range.first, hexadecimal);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, range.second, hexadecimal);
    return second.ec == std::errc() ? std::optional(range) : std::nullopt;
}

/// Of a line such as "Rss:    12 kB".
std::optional<std::int64_t> kib_of(std::string_view line, std::string_view key) {
    if (!line.starts_with(key)) return std::nullopt;
    line.remove_prefix(std::min(line.find_first_not_of(' ', key.size()), line.size()));
    std::int64_t kib = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), kib);
    return error == std::errc() ? std::optional(kib) : std::nullopt;
}

}  // namespace

Result<Buffer> Buffer::allocate(std::size_t size_bytes, Pages pages) {
    Buffer buffer;
    // A huge page has to lie in the mapping as a whole.
    const std::size_t used_bytes =
        pages == Pages::huge ? (size_bytes + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes : size_bytes;
    buffer.mapping_bytes_ = used_bytes + huge_page_bytes;  // room to align
    void* mapping = mmap(nullptr, buffer.mapping_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapping == MAP_FAILED) {
        return out_of_memory(static_cast<std::int64_t>(size_bytes), std::strerror(errno));
    }
    buffer.mapping_ = mapping;
    const auto address = reinterpret_cast<std::uintptr_t>(mapping);
    const std::uintptr_t skipped = (huge_page_bytes - address % huge_page_bytes) % huge_page_bytes;
    buffer.data_ = static_cast<std::byte*>(mapping) + skipped;
    buffer.size_bytes_ = size_bytes;
    // Without huge pages the buffer works as well, only slower: nothing to report.
    static_cast<void>(madvise(buffer.data_, used_bytes, pages == Pages::small ? MADV_NOHUGEPAGE : MADV_HUGEPAGE));
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
    if (mapping_ != nullptr) munmap(mapping_, mapping_bytes_);
}

std::optional<double> Buffer::huge_page_share() const {
    std::ifstream maps("/proc/self/smaps");
    const auto wanted = reinterpret_cast<std::uintptr_t>(data_);
    bool is_here = false;
    std::int64_t touched_kib = 0;
    for (std::string line; std::getline(maps, line);) {
        if (const auto range = range_of(line)) is_here = range->first <= wanted && wanted < range->second;
        if (!is_here) continue;
        if (const auto kib = kib_of(line, "Rss:")) touched_kib = *kib;
        const auto huge_kib = kib_of(line, "AnonHugePages:");
        if (huge_kib) return touched_kib > 0 ? static_cast<double>(*huge_kib) / static_cast<double>(touched_kib) : 0;
    }
    return std::nullopt;
}

std::optional<std::int64_t> available_memory_bytes() {
    constexpr std::int64_t limit_bytes = 1 << 16;
    const auto meminfo = read_file("/proc/meminfo", limit_bytes);
    if (!meminfo) return std::nullopt;
    constexpr std::string_view key = "MemAvailable:";
    const auto at = meminfo->find(key);
    if (at == std::string::npos) return std::nullopt;
    const auto digits = meminfo->find_first_not_of(' ', at + key.size());
    std::int64_t kibibytes = 0;
    const auto [end, error] = std::from_chars(meminfo->data() + digits, meminfo->data() + meminfo->size(), kibibytes);
    if (error != std::errc()) return std::nullopt;
    return kibibytes << 10;
}

Result<void> require_memory(std::int64_t needed_bytes, std::optional<std::int64_t> available_bytes) {
    if (!available_bytes || needed_bytes <= *available_bytes) return {};
    return out_of_memory(needed_bytes, format_bytes(*available_bytes) + " are available");
}

}  // namespace passbench

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string_view>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "harness/core/durable_files.hpp"
#include "harness/core/units.hpp"
#include "kernels/cpu/pages.hpp"

namespace passbench {

namespace {

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

void* map_pages(std::size_t size_bytes) {
    void* const mapping = mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mapping == MAP_FAILED ? nullptr : mapping;
}

int unmap_pages(void* memory, std::size_t size_bytes) { return munmap(memory, size_bytes) == 0 ? 0 : errno; }

void prefer_pages(void* memory, std::size_t size_bytes, Pages pages) {
    static_cast<void>(madvise(memory, size_bytes, pages == Pages::small ? MADV_NOHUGEPAGE : MADV_HUGEPAGE));
}

bool take_pages_back(void* memory, std::size_t size_bytes) { return madvise(memory, size_bytes, MADV_DONTNEED) == 0; }

// Not mlock and munlock: the address sanitizer makes nothing of those, and what is timed here is the system.
int lock_pages(void* memory, std::size_t size_bytes) { return syscall(SYS_mlock, memory, size_bytes) == 0 ? 0 : errno; }
int unlock_pages(void* memory, std::size_t size_bytes) {
    return syscall(SYS_munlock, memory, size_bytes) == 0 ? 0 : errno;
}

std::string lock_limit() {
    rlimit allowed = {};
    getrlimit(RLIMIT_MEMLOCK, &allowed);
    return allowed.rlim_cur == RLIM_INFINITY ? "none" : format_bytes(static_cast<std::int64_t>(allowed.rlim_cur));
}

bool is_resident(const std::byte* memory, std::size_t size_bytes) {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory) / page_bytes * page_bytes;
    const std::size_t pages =
        (reinterpret_cast<std::uintptr_t>(memory) + size_bytes - begin + page_bytes - 1) / page_bytes;
    std::vector<unsigned char> present(pages);
    if (mincore(reinterpret_cast<void*>(begin), pages * page_bytes, present.data()) != 0) return false;
    return std::ranges::all_of(present, [](unsigned char page) { return (page & 1U) != 0; });
}

std::optional<double> huge_page_share_of(const std::byte* memory) {
    std::ifstream maps("/proc/self/smaps");
    const auto wanted = reinterpret_cast<std::uintptr_t>(memory);
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

}  // namespace passbench

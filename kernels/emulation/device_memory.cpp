#include "kernels/emulation/device_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

namespace passbench::emulation {

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t guard_bytes = std::size_t{64} << 10;  // on either side: what a wild index is likely to hit
constexpr auto pattern = std::byte{0xa5};
constexpr std::uint64_t pattern_word = 0xa5a5a5a5a5a5a5a5U;

constexpr std::size_t round_up(std::size_t value, std::size_t to) { return (value + to - 1) / to * to; }

std::size_t slack_bytes(const Allocation& allocation) {
    return allocation.mapping == nullptr
               ? 0
               : round_up(allocation.size_bytes, DeviceMemory::alignment) - allocation.size_bytes;
}

void poison_slack([[maybe_unused]] const Allocation& allocation) {
#if defined(__SANITIZE_ADDRESS__)
    __asan_poison_memory_region(allocation.data + allocation.size_bytes, slack_bytes(allocation));
#endif
}

/// Number of bytes from the first of the slack to the last one that was overwritten. Reads what is poisoned for others.
#if defined(__SANITIZE_ADDRESS__)
__attribute__((no_sanitize_address))
#endif
std::size_t
damaged_bytes(const Allocation& allocation) {
    const std::byte* slack = allocation.data + allocation.size_bytes;
    std::size_t bytes = slack_bytes(allocation);
    // Looked at after each kernel: eight at a time, from the end, which is aligned.
    for (std::uint64_t word = pattern_word; bytes >= sizeof(word); bytes -= sizeof(word)) {
        std::memcpy(&word, slack + bytes - sizeof(word), sizeof(word));
        if (word != pattern_word) break;
    }
    while (bytes > 0 && slack[bytes - 1] == pattern) --bytes;
    return bytes;
}

std::string bytes_text(std::uintptr_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

}  // namespace

void DeviceMemory::resize(std::size_t capacity_bytes, std::size_t used_by_others_bytes, std::size_t resident_bytes) {
    const std::lock_guard lock(mutex_);
    capacity_bytes_ = capacity_bytes;
    used_by_others_bytes_ = used_by_others_bytes;
    resident_bytes_ = resident_bytes;
}

std::byte* DeviceMemory::allocate(MemoryKind kind, std::size_t size_bytes, const void* owner, unsigned flags) {
    Allocation allocation = {.kind = kind, .data = nullptr, .size_bytes = size_bytes, .owner = owner, .flags = flags};
    const std::lock_guard lock(mutex_);
    if (allocation.on_device() && size_bytes > unused_bytes()) return nullptr;
    if (size_bytes > SIZE_MAX / 2) return nullptr;
    const std::size_t padded = round_up(size_bytes, alignment);
    const std::size_t usable = round_up(padded, page_bytes);
    allocation.mapping_bytes = guard_bytes + usable + guard_bytes;
    void* mapping =
        mmap(nullptr, allocation.mapping_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) return nullptr;
    allocation.mapping = mapping;
    std::byte* usable_begin = static_cast<std::byte*>(mapping) + guard_bytes;
    if (mprotect(usable_begin, usable, PROT_READ | PROT_WRITE) != 0) {
        munmap(mapping, allocation.mapping_bytes);
        return nullptr;
    }
    allocation.data = usable_begin + usable - padded;
    std::memset(allocation.data + size_bytes, static_cast<int>(pattern), padded - size_bytes);
    poison_slack(allocation);
    if (allocation.on_device()) {
        allocation.resident_bytes = resident_bytes_ - std::min(resident_bytes_, used_bytes_);
        used_bytes_ += size_bytes;
    }
    allocations_.emplace(reinterpret_cast<std::uintptr_t>(allocation.data), allocation);
    return allocation.data;
}

bool DeviceMemory::overlaps(std::uintptr_t begin, std::size_t bytes) const {
    const auto next = allocations_.lower_bound(begin);
    if (next != allocations_.end() && next->first < begin + bytes) return true;
    return next != allocations_.begin() && std::prev(next)->first + std::prev(next)->second.size_bytes > begin;
}

bool DeviceMemory::adopt(MemoryKind kind, void* data, std::size_t size_bytes, const void* owner, unsigned flags) {
    const std::lock_guard lock(mutex_);
    const auto begin = reinterpret_cast<std::uintptr_t>(data);
    if (overlaps(begin, size_bytes)) return false;
    allocations_.emplace(begin, Allocation{.kind = kind,
                                           .data = static_cast<std::byte*>(data),
                                           .size_bytes = size_bytes,
                                           .owner = owner,
                                           .flags = flags});
    return true;
}

void DeviceMemory::unmap(const Allocation& allocation) {
    if (allocation.on_device()) used_bytes_ -= allocation.size_bytes;
    if (allocation.mapping == nullptr) return;
#if defined(__SANITIZE_ADDRESS__)
    __asan_unpoison_memory_region(allocation.data + allocation.size_bytes, slack_bytes(allocation));
#endif
    munmap(allocation.mapping, allocation.mapping_bytes);
}

bool DeviceMemory::release(MemoryKind kind, const void* data) {
    const std::lock_guard lock(mutex_);
    const auto found = allocations_.find(reinterpret_cast<std::uintptr_t>(data));
    if (found == allocations_.end() || found->second.kind != kind) return false;
    unmap(found->second);
    allocations_.erase(found);
    return true;
}

void DeviceMemory::release_all(const void* owner) {
    const std::lock_guard lock(mutex_);
    std::erase_if(allocations_, [&](const auto& entry) {
        if (entry.second.owner != owner) return false;
        unmap(entry.second);
        return true;
    });
}

std::optional<Allocation> DeviceMemory::find(const void* address) const {
    const std::lock_guard lock(mutex_);
    auto next = allocations_.upper_bound(reinterpret_cast<std::uintptr_t>(address));
    if (next == allocations_.begin()) return std::nullopt;
    const Allocation& before = std::prev(next)->second;
    if (static_cast<const std::byte*>(address) >= before.data + before.size_bytes) return std::nullopt;
    return before;
}

std::size_t DeviceMemory::unused_bytes() const {
    return capacity_bytes_ - std::min(capacity_bytes_, used_bytes_ + used_by_others_bytes_);
}

std::size_t DeviceMemory::resident_bytes() const {
    const std::lock_guard lock(mutex_);
    return std::min(used_bytes_, resident_bytes_);
}

std::size_t DeviceMemory::used_by_others_bytes() const {
    const std::lock_guard lock(mutex_);
    return used_by_others_bytes_;
}

std::size_t DeviceMemory::free_bytes() const {
    const std::lock_guard lock(mutex_);
    return unused_bytes();
}

std::size_t DeviceMemory::capacity_bytes() const {
    const std::lock_guard lock(mutex_);
    return capacity_bytes_;
}

void DeviceMemory::stick(std::size_t offset) {
    const std::lock_guard lock(mutex_);
    for (const auto& [address, allocation] : allocations_) {
        if (allocation.on_device() && allocation.size_bytes > offset) allocation.data[offset] |= std::byte{1};
    }
}

std::size_t DeviceMemory::host_bytes() const {
    const std::lock_guard lock(mutex_);
    std::size_t bytes = 0;
    for (const auto& [address, allocation] : allocations_) {
        if (allocation.on_host()) bytes += allocation.size_bytes;
    }
    return bytes;
}

std::optional<std::string> DeviceMemory::find_damage() {
    const std::lock_guard lock(mutex_);
    std::optional<std::string> words;
    for (const auto& [address, allocation] : allocations_) {
        const std::size_t damaged = damaged_bytes(allocation);
        if (damaged == 0) continue;
        words = "out-of-bounds store, up to " + bytes_text(damaged) + " past an allocation of " +
                bytes_text(allocation.size_bytes);
        std::memset(allocation.data + allocation.size_bytes, static_cast<int>(pattern), slack_bytes(allocation));
    }
    return words;
}

std::string DeviceMemory::describe(std::uintptr_t address) const {
    const std::lock_guard lock(mutex_);
    std::uintptr_t distance = std::uintptr_t{1} << 20;  // farther away an address has nothing to do with an allocation
    std::string words = "in no allocation";
    const auto next = allocations_.upper_bound(address);
    if (next != allocations_.begin()) {
        const Allocation& before = std::prev(next)->second;
        const auto end = reinterpret_cast<std::uintptr_t>(before.data) + before.size_bytes;
        if (address < end) return "in an allocation of " + bytes_text(before.size_bytes) + " that was made meanwhile";
        if (address - end < distance) {
            distance = address - end;
            words = bytes_text(distance) + " past an allocation of " + bytes_text(before.size_bytes);
        }
    }
    if (next != allocations_.end() && next->first - address < distance) {
        words = bytes_text(next->first - address) + " before an allocation of " + bytes_text(next->second.size_bytes);
    }
    return words;
}

}  // namespace passbench::emulation

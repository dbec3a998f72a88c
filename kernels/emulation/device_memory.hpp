// All memory that the stand-in's functions know: device allocations, pinned and registered host memory, variables of
// modules. A device pointer is the address of the machine's own memory. Each allocation ends at a guard page as nearly as
// its alignment of 256 bytes lets it; the bytes between hold a pattern that is looked at after every kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace passbench::emulation {

enum class MemoryKind : std::uint8_t { device, managed, host_allocated, host_registered, module_variable };

struct Allocation {
    MemoryKind kind;
    std::byte* data;
    std::size_t size_bytes;
    const void* owner;                      // the context
    unsigned flags = 0;                     // as the caller gave them
    std::size_t resident_bytes = SIZE_MAX;  // from its begin; what lies behind is in the host's memory
    void* mapping = nullptr;
    std::size_t mapping_bytes = 0;

    [[nodiscard]] bool contains(const void* address, std::size_t bytes) const {
        const auto* at = static_cast<const std::byte*>(address);
        return at >= data && at <= data + size_bytes && bytes <= static_cast<std::size_t>(data + size_bytes - at);
    }
    [[nodiscard]] bool on_device() const { return kind == MemoryKind::device || kind == MemoryKind::managed; }
    [[nodiscard]] bool on_host() const {
        return kind == MemoryKind::host_allocated || kind == MemoryKind::host_registered;
    }
};

class DeviceMemory {
public:
    static constexpr std::size_t alignment = 256;

    explicit DeviceMemory(std::size_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}

    /// How large it is, what others use of it, and how much of it the device itself can hold, which allocations get as they come.
    void resize(std::size_t capacity_bytes, std::size_t used_by_others_bytes, std::size_t resident_bytes);

    /// Null where the device or the machine has no more; host memory does not count for the device.
    [[nodiscard]] std::byte* allocate(MemoryKind kind, std::size_t size_bytes, const void* owner, unsigned flags);
    /// Memory that someone else owns; false where a part of it is known already.
    [[nodiscard]] bool adopt(MemoryKind kind, void* data, std::size_t size_bytes, const void* owner, unsigned flags);
    /// Gives back the allocation of this kind that begins at `data`; false where there is none.
    [[nodiscard]] bool release(MemoryKind kind, const void* data);
    void release_all(const void* owner);

    /// The allocation that `address` lies in, or nullopt.
    [[nodiscard]] std::optional<Allocation> find(const void* address) const;
    [[nodiscard]] std::size_t free_bytes() const;
    [[nodiscard]] std::size_t capacity_bytes() const;
    [[nodiscard]] std::size_t host_bytes() const;  // allocated and registered
    /// Of what is allocated, what the device itself holds.
    [[nodiscard]] std::size_t resident_bytes() const;
    [[nodiscard]] std::size_t used_by_others_bytes() const;

    /// Sets the lowest bit of the byte at this offset in each allocation of the device that is long enough.
    void stick(std::size_t offset);

    /// What was written into the bytes behind an allocation, in words; the pattern is restored.
    [[nodiscard]] std::optional<std::string> find_damage();
    /// Where an address is that is in no allocation, in words: "8 bytes past an allocation of 4096 bytes".
    [[nodiscard]] std::string describe(std::uintptr_t address) const;

private:
    using Allocations = std::map<std::uintptr_t, Allocation>;
    void unmap(const Allocation& allocation);
    [[nodiscard]] std::size_t unused_bytes() const;
    [[nodiscard]] bool overlaps(std::uintptr_t begin, std::size_t bytes) const;

    mutable std::mutex mutex_;
    std::size_t capacity_bytes_;
    std::size_t used_by_others_bytes_ = 0;
    std::size_t resident_bytes_ = SIZE_MAX;
    std::size_t used_bytes_ = 0;
    Allocations allocations_;  // by address
};

}  // namespace passbench::emulation

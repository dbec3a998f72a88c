// Pages of memory as the operating system gives and takes them, in one form for Linux and Windows. Each call asks the system itself, for
// what it costs is measured here (control-path, managed). Internal to this room; memory to measure with is a Buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace passbench {

/// What the system is asked for: huge pages where a buffer is as long as one; where it is shorter too; none. Whether it gives
/// them is up to it: huge_page_share(). Windows gives none that are not locked for good, and is not asked.
enum class Pages { usual, huge, small };

inline constexpr std::size_t page_bytes = 4096;
inline constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

/// Fresh pages of zeros, none of them there before it is touched; nullptr and errno where there is no room.
[[nodiscard]] void* map_pages(std::size_t size_bytes);
/// All that one call of map_pages gave. 0 or the errno.
[[nodiscard]] int unmap_pages(void* memory, std::size_t size_bytes);
/// Before they are touched. Without huge pages all works as well, only slower: nothing to report.
void prefer_pages(void* memory, std::size_t size_bytes, Pages pages);
/// Takes the pages away, so that the next touch of each finds a fresh one. Whether the system does.
[[nodiscard]] bool take_pages_back(void* memory, std::size_t size_bytes);

/// Keeps them in memory, where they are when it returns. 0 or the errno.
[[nodiscard]] int lock_pages(void* memory, std::size_t size_bytes);
[[nodiscard]] int unlock_pages(void* memory, std::size_t size_bytes);
/// How much this process may lock: "64 KiB", "none" where there is no limit.
[[nodiscard]] std::string lock_limit();
/// Whether the system has given all pages of it.
[[nodiscard]] bool is_resident(const std::byte* memory, std::size_t size_bytes);
/// How much of what was touched there lies in huge pages, 0 to 1. Nothing where the system does not tell.
[[nodiscard]] std::optional<double> huge_page_share_of(const std::byte* memory);

/// Memory that this machine could give now without swapping, where it says so.
[[nodiscard]] std::optional<std::int64_t> available_memory_bytes();

}  // namespace passbench

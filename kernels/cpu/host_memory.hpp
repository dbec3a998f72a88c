// Memory of the host with pages of the size that a case asks for, or the reason why there is none here.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/records/facts.hpp"
#include "kernels/cpu/buffer.hpp"

namespace passbench {

/// `pages` is huge or small. The memory is filled by `fill` first, since pages are given when they are touched. Errors:
/// `out_of_memory`; `unsupported` where the system gave other pages than were asked for.
[[nodiscard]] Result<Buffer> allocate_with_pages(std::size_t size_bytes, std::string_view pages,
                                                 const std::function<void(std::span<std::byte>)>& fill);

/// "memory.huge_fraction" of this memory, where the kernel tells.
[[nodiscard]] Facts page_facts(const Buffer& memory);

}  // namespace passbench

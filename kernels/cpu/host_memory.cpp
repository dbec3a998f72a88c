#include "kernels/cpu/host_memory.hpp"

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {

namespace {

// A few pages of other users in the same huge page, or one that could not be had, change no latency that is worth a word.
constexpr double nearly_all = 0.95;

}  // namespace

Result<Buffer> allocate_with_pages(std::size_t size_bytes, std::string_view pages,
                                   const std::function<void(std::span<std::byte>)>& fill) {
    const bool is_huge = pages == "huge";
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(Buffer memory, Buffer::allocate(size_bytes, is_huge ? Pages::huge : Pages::small));
    fill(memory.bytes());
    const auto share = memory.huge_page_share();
    if (!share || (is_huge ? *share >= nearly_all : *share <= 1 - nearly_all)) return memory;
    return fail(
        {.code = ErrorCode::unsupported,
         .what = fmt::format("pages = {} are asked for, but {} of the memory lie in huge pages", pages,
                             format_percent(*share)),
         .fix = is_huge ? "Let programs ask for huge pages (madvise or always in "
                          "/sys/kernel/mm/transparent_hugepage/enabled), and see that enough memory is in one piece."
                        : "See /sys/kernel/mm/transparent_hugepage: programs must be able to go without."});
}

Facts page_facts(const Buffer& memory) {
    const auto share = memory.huge_page_share();
    return share ? Facts{{"memory.huge_fraction", *share}} : Facts{};
}

}  // namespace passbench

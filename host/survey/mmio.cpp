#include "host/survey/mmio.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {

namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20;
constexpr std::int64_t gib = std::int64_t{1} << 30;
constexpr std::int64_t low_least = 128 * mib;  // what a virtual machine has anyhow
constexpr std::int64_t low_most = 3 * gib;     // "about 3 GB" is the limit; the parameter is 32 bits wide
constexpr std::int64_t high_spare = 512 * mib;
constexpr std::int64_t largest_sum = std::int64_t{1} << 50;
constexpr std::int64_t lowest_base = 4 * gib;  // below it lies the low space
constexpr std::int64_t fewest_bits = 32;
constexpr std::int64_t most_bits = 62;  // far more than any processor, and within an int64

std::int64_t next_power_of_two(std::int64_t bytes) {
    return bytes == 0 ? 0 : static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(bytes)));
}

}  // namespace

Result<MmioSpace> dda_mmio(std::int64_t below_4g_bytes, std::int64_t above_4g_bytes) {
    for (const auto sum : {below_4g_bytes, above_4g_bytes}) {
        if (sum < 0 || sum > largest_sum) {
            return fail({.code = ErrorCode::bad_record,
                         .what = fmt::format("a card's memory ranges are said to sum up to {} bytes", sum),
                         .fix = "Survey the host again (passbench doctor --save FILE)."});
        }
    }
    // Twice the next power of two: the guest aligns its window to a power of two, so a space of just the size is not enough.
    return MmioSpace{
        .low_bytes = std::clamp(next_power_of_two(below_4g_bytes) * 2 + low_least, low_least, low_most),
        .high_bytes = next_power_of_two(above_4g_bytes) * 2 + high_spare,
    };
}

Result<void> check_mmio_fits(const MmioSpace& space, std::int64_t high_base, std::int64_t address_bits) {
    if (address_bits < fewest_bits || address_bits > most_bits) {
        return fail({.code = ErrorCode::bad_record,
                     .what = fmt::format("the host's processor is said to have {} address bits", address_bits),
                     .fix = "Survey the host again (passbench doctor --save FILE)."});
    }
    const std::int64_t end = std::int64_t{1} << address_bits;
    if (high_base >= 0 && high_base <= end && space.high_bytes <= end - high_base) return {};
    const std::int64_t highest_base = (end - space.high_bytes) / mib;
    std::string fix = "Use a host whose processor has more address bits.";
    if (highest_base > lowest_base / mib) {
        fix = fmt::format(
            "Lower HighMmioGapBase of the VM to at most {} MB (Msvm_VirtualSystemSettingData, ModifySystemSettings), "
            "or "
            "use a host whose processor has more address bits.",
            highest_base);
    }
    return fail({.code = ErrorCode::precondition,
                 .what = fmt::format("{} of high MMIO space from {} MB on end above the {} that the host's {}-bit "
                                     "addresses reach",
                                     format_bytes(space.high_bytes), high_base / mib, format_bytes(end), address_bits),
                 .fix = std::move(fix)});
}

Result<MmioSpace> gpupv_mmio(std::int64_t high_base, std::int64_t address_bits) {
    constexpr std::array<std::int64_t, 3> sizes = {32 * gib, 16 * gib, 8 * gib};
    for (const auto size : sizes) {
        const MmioSpace space = {.low_bytes = gib, .high_bytes = size};
        if (check_mmio_fits(space, high_base, address_bits)) return space;
    }
    const MmioSpace least = {.low_bytes = gib, .high_bytes = sizes.back()};
    PASSBENCH_CHECK(check_mmio_fits(least, high_base, address_bits));
    return least;
}

}  // namespace passbench

#include "host/survey/mmio.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t mib = std::int64_t{1} << 20;
constexpr std::int64_t gib = std::int64_t{1} << 30;

TEST(DdaMmio, OfAT4IsSmallAndOfAnA30MoreThanItsOwnSize) {
    EXPECT_EQ(dda_mmio(16 * mib, 288 * mib), (MmioSpace{.low_bytes = 160 * mib, .high_bytes = 1536 * mib}));
    // The real case of an A30: a space of 32 GiB was not enough, one of 64 GiB was.
    EXPECT_GT(dda_mmio(16 * mib, 32 * gib + 32 * mib)->high_bytes, 64 * gib);
}

TEST(DdaMmio, LeavesMoreThanTheAlignmentToPowersOfTwoNeeds) {
    for (std::int64_t sum = mib; sum <= 256 * gib; sum += sum / 3 + mib) {
        const auto space = dda_mmio(0, sum);
        ASSERT_TRUE(space);
        EXPECT_GE(space->high_bytes, sum + 512 * mib);
        EXPECT_GE(space->high_bytes, 2 * sum) << "a window aligned to its own size fits wherever the space begins";
        EXPECT_EQ(space->high_bytes % mib, 0) << "Set-VM takes whole MiB";
    }
}

TEST(DdaMmio, KeepsTheLowSpaceBetween128MiBAnd3GiB) {
    EXPECT_EQ(dda_mmio(0, 0), (MmioSpace{.low_bytes = 128 * mib, .high_bytes = 512 * mib}));
    EXPECT_EQ(dda_mmio(2 * gib, 0)->low_bytes, 3 * gib);
    EXPECT_EQ(dda_mmio(gib, 0)->low_bytes, 2 * gib + 128 * mib);
}

TEST(DdaMmio, RefusesSumsThatNoCardHas) {
    EXPECT_FALSE(dda_mmio(-1, 0));
    EXPECT_FALSE(dda_mmio(0, std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(dda_mmio(0, -5).error().code, ErrorCode::bad_record);
}

TEST(MmioFits, UpToTheLastAddressAndNoByteFurther) {
    const MmioSpace space = {.low_bytes = gib, .high_bytes = 8 * gib};
    EXPECT_TRUE(check_mmio_fits(space, 56 * gib, 36));
    EXPECT_FALSE(check_mmio_fits(space, 56 * gib + mib, 36));
    EXPECT_TRUE(check_mmio_fits(space, default_high_mmio_base, 39));
    EXPECT_FALSE(check_mmio_fits(space, std::numeric_limits<std::int64_t>::max(), 46));
    EXPECT_FALSE(check_mmio_fits(space, -1, 46));
}

TEST(MmioFits, SaysWhichNumberAndWhatToDo) {
    const auto fits = check_mmio_fits({.low_bytes = gib, .high_bytes = 1536 * mib}, default_high_mmio_base, 36);
    ASSERT_FALSE(fits);
    EXPECT_EQ(fits.error().code, ErrorCode::precondition);
    EXPECT_EQ(
        fits.error().what,
        "1.50 GiB of high MMIO space from 65024 MB on end above the 64 GiB that the host's 36-bit addresses reach");
    EXPECT_THAT(fits.error().fix, HasSubstr("HighMmioGapBase of the VM to at most 64000 MB"));
    // 64000 MB is a base that does.
    EXPECT_TRUE(check_mmio_fits({.low_bytes = gib, .high_bytes = 1536 * mib}, 64000 * mib, 36));
}

TEST(MmioFits, NamesNoBaseWhereNoneWouldDo) {
    const auto fits = check_mmio_fits({.low_bytes = gib, .high_bytes = 64 * gib}, default_high_mmio_base, 36);
    ASSERT_FALSE(fits);
    EXPECT_EQ(fits.error().fix, "Use a host whose processor has more address bits.");
}

TEST(MmioFits, RefusesAddressBitsThatNoProcessorHas) {
    for (const std::int64_t bits : {-1, 0, 31, 63, 64, 1000}) {
        const auto fits = check_mmio_fits({.low_bytes = gib, .high_bytes = gib}, 0, bits);
        ASSERT_FALSE(fits) << bits;
        EXPECT_EQ(fits.error().code, ErrorCode::bad_record);
    }
}

TEST(GpupvMmio, TakesTheMostThatFits) {
    EXPECT_EQ(gpupv_mmio(default_high_mmio_base, 46), (MmioSpace{.low_bytes = gib, .high_bytes = 32 * gib}));
    EXPECT_EQ(gpupv_mmio(48 * gib, 36)->high_bytes, 16 * gib);
    EXPECT_EQ(gpupv_mmio(56 * gib, 36)->high_bytes, 8 * gib);
    const auto none = gpupv_mmio(default_high_mmio_base, 36);
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().what, HasSubstr("8 GiB"));
}

}  // namespace
}  // namespace passbench

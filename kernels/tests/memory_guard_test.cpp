// The rules of a card's memory on a device: the stand-in, whose memory, residency and users the fault file sets.
#include "kernels/cuda/memory_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/tests/fault_plan.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::size_t mebibyte = std::size_t{1} << 20;
constexpr std::size_t gibibyte = 1024 * mebibyte;

std::unique_ptr<const Gpu> opened(const std::string& passthrough) {
    auto gpu = Gpu::open({.library = PASSBENCH_STAND_IN, .passthrough = passthrough});
    EXPECT_TRUE(gpu) << (gpu ? "" : to_text(gpu.error()));
    return gpu ? *std::move(gpu) : nullptr;
}

TEST(MemoryGuard, LeavesFivePercentOfWhatIsFreeNatively) {
    const FaultPlan plan("memory = 1073741824\nmemory_used = 104857600\n");
    const auto gpu = opened("native");
    ASSERT_NE(gpu, nullptr);
    const std::size_t free_bytes = gibibyte - 100 * mebibyte;
    EXPECT_EQ(gpu->memory()->free_bytes, static_cast<std::int64_t>(free_bytes));
    EXPECT_EQ(gpu->memory_guard().left_bytes(), free_bytes - free_bytes / 20);
    const auto first = gpu->allocate(600 * mebibyte);
    EXPECT_TRUE(first);
    const auto second = gpu->allocate(300 * mebibyte);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(second.error().finding, "gpu.head_room");
    EXPECT_THAT(second.error().what, HasSubstr("300 MiB of device memory were asked for"));
    EXPECT_THAT(second.error().what, HasSubstr("324 MiB are free of 1 GiB"));
    EXPECT_TRUE(gpu->allocate(200 * mebibyte));
}

TEST(MemoryGuard, KeepsTheReserveAndTakesStepsUnderGpuPv) {
    const FaultPlan plan("memory = 4294967296\n");
    const auto gpu = opened("gpupv");
    ASSERT_NE(gpu, nullptr);
    EXPECT_EQ(gpu->memory_guard().left_bytes(), 3 * gibibyte);
    EXPECT_EQ(gpu->memory_guard().step_bytes(), 3 * gibibyte / 2);
    const auto all = gpu->allocate(2 * gibibyte);
    ASSERT_FALSE(all);
    EXPECT_THAT(all.error().what, HasSubstr("one step"));
    const auto more_than_all = gpu->allocate(7 * gibibyte / 2);
    ASSERT_FALSE(more_than_all);
    EXPECT_THAT(more_than_all.error().what, HasSubstr("1 GiB of the card stay untouched"));
    EXPECT_TRUE(gpu->allocate(100 * mebibyte));
}

TEST(MemoryGuard, StopsAtTheFirstAllocationThatLiesInTheHostsMemory) {
    const FaultPlan plan("memory = 4294967296\nresident = 209715200\n");
    const auto gpu = opened("wsl");
    ASSERT_NE(gpu, nullptr);
    const auto first = gpu->allocate(100 * mebibyte);
    const auto second = gpu->allocate(100 * mebibyte);
    EXPECT_TRUE(first && second);
    const auto before = gpu->memory();
    const auto third = gpu->allocate(100 * mebibyte);
    ASSERT_FALSE(third);
    EXPECT_EQ(third.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(third.error().finding, "gpu.residency_lost");
    EXPECT_THAT(third.error().what, HasSubstr("100 MiB that were allocated are filled at 10"));
    EXPECT_EQ(gpu->memory()->free_bytes, before->free_bytes) << "it was given back";
    const auto fourth = gpu->allocate(256);
    ASSERT_FALSE(fourth) << "nothing more is allocated";
    EXPECT_EQ(fourth.error().finding, "gpu.residency_lost");
    EXPECT_EQ(gpu->memory_guard().left_bytes(), 0U);
}

TEST(MemoryGuard, DoesNotLookForLossesWhereTheGuestManagesTheCard) {
    const FaultPlan plan("memory = 4294967296\nresident = 1048576\n");
    const auto gpu = opened("dda");
    ASSERT_NE(gpu, nullptr);
    EXPECT_TRUE(gpu->allocate(100 * mebibyte));
    EXPECT_TRUE(gpu->allocate(100 * mebibyte));
}

TEST(MemoryGuard, DoesNotBeginOnACardWithMoreMemoryThanItsHost) {
    const FaultPlan plan("memory = 4294967296\n");
    const auto refused = Gpu::open({.library = PASSBENCH_STAND_IN,
                                    .passthrough = "eflow_gpupv",
                                    .host_memory_bytes = static_cast<std::int64_t>(2 * gibibyte)});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_EQ(refused.error().finding, "gpu.more_memory_than_host");
}

TEST(MemoryGuard, HoldsForManagedMemoryToo) {
    const FaultPlan plan("memory = 1073741824\n");
    const auto gpu = opened("native");
    ASSERT_NE(gpu, nullptr);
    const auto refused = gpu->allocate_managed(gibibyte);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().finding, "gpu.head_room");
}

TEST(Residency, TakesPciExpressForNoMemoryOfACard) {
    const auto at = [](double rate, std::size_t bytes = 256 * mebibyte) {
        return Transfer{.bytes = bytes, .ns = static_cast<double>(bytes) / rate * 1e9};
    };
    EXPECT_TRUE(is_on_card(at(244e9), 320e9, 244e9));  // a T4, as DCGM has it
    EXPECT_FALSE(is_on_card(at(13e9), 320e9, 244e9));
    EXPECT_TRUE(is_on_card(at(3.1e12), 4.8e12, 3.1e12));  // an H200
    EXPECT_FALSE(is_on_card(at(57e9), 1792e9, 57e9)) << "all of it behind a Gen5 link";
    EXPECT_FALSE(is_on_card(at(13e9), 0, 244e9)) << "where the driver does not tell the memory's clock";
    EXPECT_TRUE(is_on_card({.bytes = 4 * mebibyte, .ns = 8'000}, 4.8e12, 1e12)) << "mostly the launch";
    EXPECT_FALSE(is_on_card(at(57e9, 4 * mebibyte), 4.8e12, 1e12));
}

}  // namespace
}  // namespace passbench

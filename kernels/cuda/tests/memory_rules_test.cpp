// The rules of a card's memory as numbers, and the line of the kernel's log that counts. What they do on a device is tested on the
// stand-in (kernels/tests/memory_guard_test.cpp).
#include "kernels/cuda/memory_rules.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "kernels/cuda/kernel_log.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t mebibyte = 1 << 20;
constexpr std::int64_t gibibyte = 1024 * mebibyte;
constexpr CardMemory t4 = {.free_bytes = 14 * gibibyte, .total_bytes = 15 * gibibyte};

TEST(MemoryRules, AreThoseOfTheHostWhereItManagesTheCard) {
    for (const char* way : {"gpupv", "wsl", "eflow_gpupv", "mixed"}) EXPECT_EQ(memory_owner(way), MemoryOwner::host);
    for (const char* way : {"native", "dda", "eflow_dda", "vfio", "none"}) {
        EXPECT_EQ(memory_owner(way), MemoryOwner::guest) << way;
    }
}

TEST(MemoryRules, LeaveATwentiethOfWhatWasFreeToTheDriver) {
    const MemoryRules rules(MemoryOwner::guest, t4);
    const std::int64_t most = t4.free_bytes - t4.free_bytes / 20;
    EXPECT_TRUE(rules.check(most, t4));
    const auto refused = rules.check(most + 1, t4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(refused.error().finding, "gpu.head_room");
    EXPECT_EQ(
        refused.error().what,
        "13.3 GiB of device memory were asked for and are refused: at most 95 % of the 14 GiB that were free when the "
        "case began, and 14 GiB are free of 15 GiB");
    EXPECT_FALSE(refused.error().fix.empty());
}

TEST(MemoryRules, CountWhatOthersTookMeanwhile) {
    const MemoryRules rules(MemoryOwner::guest, t4);
    const CardMemory now = {.free_bytes = gibibyte, .total_bytes = t4.total_bytes};
    EXPECT_FALSE(rules.check(gibibyte / 2, now));
    EXPECT_EQ(rules.left_bytes(now), gibibyte - t4.free_bytes / 20);
    EXPECT_EQ(rules.left_bytes({.free_bytes = 0, .total_bytes = t4.total_bytes}), 0);
}

TEST(MemoryRules, KeepAReserveUnderGpuPv) {
    const auto reserve = [](std::int64_t total) {
        return MemoryRules(MemoryOwner::host, {.free_bytes = total, .total_bytes = total}).reserve_bytes();
    };
    EXPECT_EQ(reserve(96 * gibibyte), 16 * gibibyte);  // WSL #40401
    EXPECT_EQ(reserve(10 * gibibyte), 2 * gibibyte);   // WSL #41176
    EXPECT_EQ(reserve(4 * gibibyte), gibibyte);
    const MemoryRules rules(MemoryOwner::host, t4);
    const CardMemory little = {.free_bytes = 3 * gibibyte, .total_bytes = t4.total_bytes};
    const auto refused = rules.check(gibibyte, little);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().finding, "gpu.head_room");
    EXPECT_THAT(refused.error().what, HasSubstr("under GPU-PV 2.50 GiB of the card stay untouched"));
    EXPECT_THAT(refused.error().what, HasSubstr("1 GiB of device memory were asked for"));
    EXPECT_THAT(refused.error().what, HasSubstr("3 GiB are free of 15 GiB"));
}

TEST(MemoryRules, TakeMemoryInStepsUnderGpuPv) {
    const MemoryRules rules(MemoryOwner::host, t4);
    const std::int64_t step = (t4.free_bytes - rules.reserve_bytes()) / 2;
    EXPECT_EQ(rules.step_bytes(), step);
    EXPECT_TRUE(rules.check(step, t4));
    const auto refused = rules.check(step + 1, t4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().finding, "gpu.head_room");
    EXPECT_THAT(refused.error().what, HasSubstr("under GPU-PV one step is at most 5.75 GiB"));
    EXPECT_TRUE(MemoryRules(MemoryOwner::guest, t4).check(step + 1, t4));
}

TEST(MemoryRules, RefuseACardWithMoreMemoryThanItsHostUnderGpuPvAlone) {
    const auto refused = check_host_memory(MemoryOwner::host, 24 * gibibyte, 16 * gibibyte);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_EQ(refused.error().finding, "gpu.more_memory_than_host");
    EXPECT_THAT(refused.error().what, HasSubstr("the card has 24 GiB of memory and its host 16 GiB"));
    EXPECT_TRUE(check_host_memory(MemoryOwner::host, 16 * gibibyte, 16 * gibibyte));
    EXPECT_TRUE(check_host_memory(MemoryOwner::host, 24 * gibibyte, 0)) << "nobody knows what the host has";
    EXPECT_TRUE(check_host_memory(MemoryOwner::guest, 24 * gibibyte, 16 * gibibyte));
}

TEST(KernelLog, TellsOfMemoryThatCouldNotBeMadeResidentAndOfNothingElse) {
    const TempFolder folder;
    const auto path = folder.path() / "kmsg";
    std::ofstream file(path);
    file << "6,1,1,-;misc dxg: dxgk: dxgkio_make_resident: Ioctl failed: -12\n" << std::flush;
    KernelLog log(path.string());
    EXPECT_EQ(log.residency_complaint(), std::nullopt) << "that was before";
    file << "6,2,2,-;misc dxg: dxgk: dxgkio_is_feature_enabled: Ioctl failed: -22\n" << std::flush;
    EXPECT_EQ(log.residency_complaint(), std::nullopt) << "that is harmless";
    const std::string line = "6,3,3,-;misc dxg: dxgk: dxgkio_make_resident: Ioctl failed: -12";
    file << line << "\n6,4,4,-;eth0: link is up\n" << std::flush;
    EXPECT_EQ(log.residency_complaint(), line);
    EXPECT_EQ(log.residency_complaint(), std::nullopt);
    EXPECT_EQ(KernelLog((folder.path() / "none").string()).residency_complaint(), std::nullopt);
}

}  // namespace
}  // namespace passbench

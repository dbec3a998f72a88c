// Buffers, what the machine says about its caches and cores, and when a footprint measures memory.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/topology.hpp"

namespace passbench {
namespace {

TEST(Buffer, IsZeroAlignedToAHugePageAndAsLongAsAsked) {
    const auto buffer = Buffer::allocate(100'003);
    ASSERT_TRUE(buffer);
    ASSERT_EQ(buffer->bytes().size(), 100'003U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer->bytes().data()) % (2U << 20), 0U);
    for (const std::byte byte : buffer->bytes()) ASSERT_EQ(byte, std::byte{0});
    EXPECT_EQ(buffer->as<double>().size(), 12'500U);
}

TEST(Buffer, TellsHowMuchOfItLiesInHugePages) {
    for (const std::size_t size_bytes : {std::size_t{4096}, std::size_t{5} << 20}) {
        const auto small = Buffer::allocate(size_bytes, Pages::small);
        const auto huge = Buffer::allocate(size_bytes, Pages::huge);
        ASSERT_TRUE(small && huge);
        std::ranges::fill(small->bytes(), std::byte{1});
        std::ranges::fill(huge->bytes(), std::byte{1});
        const auto none = small->huge_page_share();
        if (!none) GTEST_SKIP() << "this kernel does not tell";
        EXPECT_EQ(*none, 0);
        std::ifstream file("/sys/kernel/mm/transparent_hugepage/enabled");
        const std::string enabled{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        if (enabled.empty() || enabled.find("[never]") != std::string::npos) continue;
        EXPECT_EQ(*huge->huge_page_share(), 1);
    }
}

TEST(Buffer, MovesWithoutLosingOrFreeingTwice) {
    auto first = Buffer::allocate(4096);
    ASSERT_TRUE(first);
    first->bytes()[7] = std::byte{42};
    Buffer second = std::move(*first);
    EXPECT_TRUE(first->bytes().empty());  // NOLINT(bugprone-use-after-move): a moved-from buffer is empty
    first = std::move(second);
    EXPECT_EQ(first->bytes()[7], std::byte{42});
}

TEST(Buffer, MoreThanTheAddressSpaceIsOutOfMemoryWithTheBytes) {
    const auto buffer = Buffer::allocate(std::size_t{1} << 62);
    ASSERT_FALSE(buffer);
    EXPECT_EQ(buffer.error().code, ErrorCode::out_of_memory);
    EXPECT_NE(buffer.error().what.find("4611686018427387904 bytes"), std::string::npos) << buffer.error().what;
}

TEST(RequireMemory, MoreThanIsAvailableIsOutOfMemoryWithTheBytes) {
    const auto enough = require_memory(3 << 20, 2 << 20);
    ASSERT_FALSE(enough);
    EXPECT_EQ(enough.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(enough.error().what, "the case needs 3145728 bytes (3 MiB) of memory: 2 MiB are available");
    EXPECT_TRUE(require_memory(3 << 20, 3 << 20));
    EXPECT_TRUE(require_memory(3 << 20, std::nullopt));  // a machine that does not say
}

TEST(AvailableMemory, IsToldByThisMachine) {
    const auto available = available_memory_bytes();
    ASSERT_TRUE(available);
    EXPECT_GT(*available, 1 << 20);
}

/// A sysfs of files: four CPUs on two cores, with a cache of 32 MiB for each two CPUs.
class FakeSysfs : public testing::Test {
protected:
    void SetUp() override {
        root_ = std::filesystem::temp_directory_path() / ("passbench-sysfs-" + std::to_string(getpid()));
        for (int cpu = 0; cpu < 4; ++cpu) {
            const std::string pair = cpu < 2 ? "0-1" : "2-3";
            const std::filesystem::path folder = root_ / ("cpu" + std::to_string(cpu));
            write(folder / "topology" / "thread_siblings_list", pair);
            write_cache(folder / "cache" / "index0", "1", "32K", "Data", std::to_string(cpu));
            write_cache(folder / "cache" / "index1", "1", "64K", "Instruction", std::to_string(cpu));
            write_cache(folder / "cache" / "index2", "3", "32768K", "Unified", pair);
        }
    }
    void TearDown() override { std::filesystem::remove_all(root_); }

    static void write_cache(const std::filesystem::path& folder, const std::string& level, const std::string& size,
                            const std::string& type, const std::string& shared_by) {
        write(folder / "level", level);
        write(folder / "size", size);
        write(folder / "type", type);
        write(folder / "shared_cpu_list", shared_by);
    }
    static void write(const std::filesystem::path& path, const std::string& text) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text << '\n';
    }

    std::filesystem::path root_;
};

TEST_F(FakeSysfs, CachesAndCoresThatCpusShareCountOnce) {
    const Topology all = read_topology(std::vector{0, 1, 2, 3}, root_);
    EXPECT_EQ(all.llc_bytes, std::int64_t{64} << 20);
    EXPECT_EQ(all.cores, 2);
    const Topology one_core = read_topology(std::vector{0, 1}, root_);
    EXPECT_EQ(one_core.llc_bytes, std::int64_t{32} << 20);
    EXPECT_EQ(one_core.cores, 1);
}

TEST_F(FakeSysfs, WhatIsNotToldIsNotGuessed) {
    const Topology unknown = read_topology(std::vector{0, 9}, root_);
    EXPECT_FALSE(unknown.llc_bytes);
    EXPECT_FALSE(unknown.cores);
    write(root_ / "cpu0" / "cache" / "index2" / "size", "much");
    write(root_ / "cpu0" / "cache" / "index0" / "size", "-1K");
    EXPECT_FALSE(read_topology(std::vector{0}, root_).llc_bytes);
}

TEST(TooSmallForMemory, UnderFourTimesTheCachesThereIsNoLimitButAReason) {
    const Topology topology = {.llc_bytes = std::int64_t{32} << 20, .cores = 2};
    EXPECT_EQ(too_small_for_memory((std::int64_t{128} << 20) - 8, topology).has_value(), true);
    EXPECT_EQ(too_small_for_memory(std::int64_t{3} << 20, topology),
              "no limit: 3 MiB are under 4 x 32 MiB of last-level cache");
    EXPECT_FALSE(too_small_for_memory(std::int64_t{128} << 20, topology));
    EXPECT_TRUE(too_small_for_memory(std::int64_t{1} << 40, Topology()));
}

}  // namespace
}  // namespace passbench

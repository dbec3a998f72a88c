// What only Linux has: devices, pipes with names, and files of the kernel's.
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/tests/temp_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(StoreOfLinux, AReallyFullDeviceIsToldTheSameWay) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full here";
    AppendFile file = AppendFile::open("/dev/full").value();
    const auto written = file.append("x");
    ASSERT_FALSE(written.has_value());
    EXPECT_THAT(written.error().what, HasSubstr("No space left on device"));
    EXPECT_EQ(file.size_bytes(), 0);
}

TEST(StoreOfLinux, ReadsFilesThatSayTheyAreEmpty) {
    if (!fs::exists("/proc/self/status")) GTEST_SKIP() << "there is no /proc here";
    EXPECT_THAT(read_file("/proc/self/status", 1 << 20).value(), HasSubstr("Name:"));
}

TEST(StoreOfLinux, AFolderThatNobodyMayMakeIsTold) {
    // /proc takes no folders from anybody, root included.
    if (!fs::exists("/proc/self")) GTEST_SKIP() << "there is no /proc here";
    EXPECT_EQ(make_folder("/proc/passbench").error().code, ErrorCode::io);
}

TEST(StoreOfLinux, APipeIsNoFileAndStopsNobody) {
    const TempFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_file(folder / "pipe", 10).error().what, "cannot read pipe: it is not a regular file");
}

}  // namespace
}  // namespace passbench

// Narrow text becomes a path of the letters that it means in UTF-8, and of no others.
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/core/this_process.hpp"
#include "harness/core/windows_error.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

TEST(WindowsUtf8, NarrowPathsAreUtf8) {
    EXPECT_EQ(fs::path("a\u00FC\u20AC\U0001F600z").wstring(), L"a\u00FC\u20AC\U0001F600z");
    EXPECT_EQ((fs::path("x") / std::string("\U0010FFFF\u0800\u07FF")).wstring(), L"x\\\U0010FFFF\u0800\u07FF");
    EXPECT_EQ(fs::path("").wstring(), L"");
}

TEST(WindowsUtf8, WhatIsNoUtf8IsNoPath) {
    for (const char* text : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x28\xa1", "\x80"}) {
        EXPECT_THROW(fs::path{text}, std::system_error) << text;
    }
}

TEST(WindowsUtf8, TextGoesToWindowsAndBack) {
    const std::string text = "Gr\u00FC\u00DFe \U0001F600";
    EXPECT_EQ(utf8_of_wide(wide_of_utf8(text)), text);
    ::_wputenv_s(L"PASSBENCH_TEST", L"\u65E5\u672C");
    EXPECT_EQ(environment_variable("PASSBENCH_TEST"), "\u65E5\u672C");
}

TEST(WindowsUtf8, LongPathsSayThatTheyAre) {
    EXPECT_EQ(wide_path("a/b"), L"a\\b");
    const std::wstring name(300, L'x');
    EXPECT_EQ(wide_path(fs::path(L"C:/folder/../other") / name), L"\\\\?\\C:\\other\\" + name);
    EXPECT_EQ(wide_path(fs::path(L"//server/share") / name), L"\\\\?\\UNC\\server\\share\\" + name);
}

TEST(WindowsUtf8, ErrorsHaveWindowsOwnWordsAndTheNumber) {
    EXPECT_NE(windows_error_text(5).find("(error 5)"), std::string::npos);
    EXPECT_EQ(errno_of_windows(0), 0);
}

}  // namespace
}  // namespace passbench

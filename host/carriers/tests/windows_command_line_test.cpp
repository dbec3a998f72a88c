#include "harness/core/windows_command_line.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(WindowsCommandLine, PlainWordsStayAsTheyAre) {
    EXPECT_EQ(windows_command_line({"C:\\bin\\a.exe", "run", "--out=x\\y\\"}), R"(C:\bin\a.exe run --out=x\y\)");
}

TEST(WindowsCommandLine, WhatWouldEndOrJoinAWordIsQuoted) {
    EXPECT_EQ(windows_command_line({"a", "", "two words", "tab\there", "line\nbreak"}),
              "a \"\" \"two words\" \"tab\there\" \"line\nbreak\"");
}

TEST(WindowsCommandLine, BackslashesAreDoubledBeforeAMarkAlone) {
    EXPECT_EQ(windows_command_line({"a", R"(say "hi")"}), R"(a "say \"hi\"")");
    EXPECT_EQ(windows_command_line({"a", R"(C:\with space\)"}), R"(a "C:\with space\\")");
    EXPECT_EQ(windows_command_line({"a", R"(x\\"y)"}), R"(a "x\\\\\"y")");
}

}  // namespace
}  // namespace passbench

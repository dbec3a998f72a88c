#include "guest/probe/machine_files.hpp"

#include <gtest/gtest.h>

#include "guest/probe/tests/machine_tree.hpp"

namespace passbench {
namespace {

TEST(Printable, ReplacesWhatCouldHarmATerminalAndCutsToTheLimit) {
    EXPECT_EQ(printable("  a\x1b[31mb\xff \n", 100), "a?[31mb?");
    EXPECT_EQ(printable("0123456789", 4), "0123");
    EXPECT_EQ(printable(std::string_view("\0\0", 2), 4), "");
}

TEST(MachineFiles, ReadsTheFirstLineAndNothingOfAnAbsentOrEmptyFile) {
    const MachineTree tree("");
    tree.write("sys/one", "first\nsecond\n");
    tree.write("sys/empty", "");
    EXPECT_EQ(tree.files().line("sys/one"), "first");
    EXPECT_EQ(tree.files().line("sys/empty"), std::nullopt);
    EXPECT_EQ(tree.files().line("sys/absent"), std::nullopt);
    EXPECT_EQ(tree.files().line("sys"), std::nullopt);
}

TEST(MachineFiles, BoundsWhatItReads) {
    const MachineTree tree("");
    tree.write("proc/long", std::string(1 << 20, 'x'));
    EXPECT_EQ(tree.files().line("proc/long")->size(), 512U);
    EXPECT_EQ(tree.files().text("proc/long").size(), 256U * 1024U);
}

TEST(MachineFiles, ListsNamesInOrder) {
    const MachineTree tree("");
    for (const char* name : {"c", "a", "b"}) tree.write(std::string("sys/") + name, "");
    EXPECT_EQ(tree.files().names("sys"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_TRUE(tree.files().names("proc").empty());
}

TEST(ValueOf, TakesTheWholeKeyAlone) {
    EXPECT_EQ(value_of("MemTotalHigh: 1\nMemTotal:  16 kB\n", "MemTotal", ':'), "16 kB");
    EXPECT_EQ(value_of("a: 1\n", "b", ':'), std::nullopt);
}

TEST(LeadingNumber, NeedsADigitFirst) {
    EXPECT_EQ(leading_number(" 12 kB"), 12);
    EXPECT_EQ(leading_number("-1"), -1);
    EXPECT_EQ(leading_number("max 100000"), std::nullopt);
    EXPECT_EQ(leading_number(""), std::nullopt);
}

}  // namespace
}  // namespace passbench

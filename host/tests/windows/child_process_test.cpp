// What the child process class promises on Windows: words arrive as they were, output is bounded, and nobody outlives whom he serves.
#include "host/carriers/child_process.hpp"

#include <windows.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/clock.hpp"
#include "harness/core/durable_files.hpp"
#include "harness/core/tests/temp_folder.hpp"
#include "harness/core/this_process.hpp"
#include "host/carriers/scratch_folder.hpp"
#include "host/tests/windows/roles.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::int64_t second_ns = 1'000'000'000;

class WindowsChildren : public testing::Test {
public:
    [[nodiscard]] std::string path(const std::string& name) const { return (folder / name).string(); }
    TempFolder folder;
};

TEST_F(WindowsChildren, ArgumentsArriveByteForByte) {
    const std::vector<std::string> words = {"",
                                            " ",
                                            "two words",
                                            "'single'",
                                            "\"double\"",
                                            "\"",
                                            "\\",
                                            "\\\\",
                                            "\\\"",
                                            "a\\ b",
                                            "a\\\\ b",
                                            "a b\\",
                                            "a b\\\\",
                                            "C:\\x y\\",
                                            "\\\\server\\share",
                                            "a\"b c\"d",
                                            "\"\"\"",
                                            "line\nbreak",
                                            "tab\there",
                                            "%PATH%",
                                            "^&|<>",
                                            "$(id)",
                                            "`id`",
                                            "*",
                                            "?",
                                            "-n",
                                            "--",
                                            "/?",
                                            "@file",
                                            "Gr\u00FC\u00DFe",
                                            "\u65E5\u672C \U0001F600",
                                            std::string(10'000, 'x')};
    std::vector<std::string> told = {path("arguments")};
    told.insert(told.end(), words.begin(), words.end());
    const auto result = run_child({.argv = as("arguments", told)});
    ASSERT_TRUE(result) << to_text(result.error());
    ASSERT_EQ(result->exit_code, 0) << result->output;
    std::string expected;
    for (const std::string& word : words) expected += word + '\0';
    EXPECT_EQ(read_file(folder / "arguments", 100'000).value(), expected);
}

TEST_F(WindowsChildren, AProgramInAFolderOfAnyLettersIsStarted) {
    const fs::path program = folder.path() / "Gr\u00F6\u00DFe mit \u65E5\u672C" / "ein Kind.exe";
    ASSERT_TRUE(make_folder(program.parent_path()));
    fs::copy_file(running_program(), program);
    const auto result = run_child({.argv = {program.string(), "as", "exit", "42"}});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_EQ(result->exit_code, 42);
}

TEST_F(WindowsChildren, OfTenMebibytesOfOutputTheLast64KibibytesAreKept) {
    const auto result = run_child({.argv = as("talk", {"10485760"})});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_EQ(result->exit_code, 0);
    EXPECT_THAT(result->output, SizeIs(65536));
    EXPECT_THAT(result->output, HasSubstr("xxx\nthe end\n"));
    EXPECT_THAT(result->output, EndsWith("an aside\n"));
}

TEST_F(WindowsChildren, InputIsEmptyOrAFileAndOutputMayGoToAFile) {
    EXPECT_THAT(run_child({.argv = as("count")})->output, HasSubstr("read 0\n"));
    std::string text;
    for (int number = 0; text.size() < (1U << 18U); ++number) text += std::to_string(number) + "\r\n\x1a";
    write_plainly(folder / "in", text);
    const auto result = run_child({.argv = as("repeat"),
                                   .input = ChildInput::file,
                                   .input_file = folder / "in",
                                   .output_file = folder / "out",
                                   .most_output_bytes = 10 << 20});
    ASSERT_TRUE(result) << to_text(result.error());
    EXPECT_TRUE(read_plainly(folder / "out") == text);
}

TEST_F(WindowsChildren, PastItsDeadlineACommandIsEndedAndItsLastWordsAreTold) {
    const std::int64_t began_ns = steady_ns();
    const auto result = run_child({.argv = as("hang"), .deadline_ns = 2 * second_ns, .grace_ns = second_ns / 10});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::timeout);
    EXPECT_THAT(result.error().what, HasSubstr("loading the model"));
    EXPECT_LT(steady_ns() - began_ns, 60 * second_ns);
}

TEST_F(WindowsChildren, CancellingEndsGrandchildrenToo) {
    const fs::path lock = folder / "lock";
    write_plainly(lock, "");
    const auto is_begun = [&] {
        SystemFile asking;
        return asking.open(lock, FileUse::read) == 0 && asking.is_locked();
    };
    const auto result = run_child(
        {.argv = as("parent", {lock.string()}), .watch = [&] { return !is_begun(); }, .grace_ns = second_ns / 10});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::interrupted);
    EXPECT_TRUE(becomes_free(lock));
}

TEST_F(WindowsChildren, TheyDieWithAControllerThatIsKilled) {
    const fs::path lock = folder / "lock";
    const Stranger controller(as("parent", {lock.string()}));
    ASSERT_TRUE(becomes_locked(lock));
    controller.kill();
    EXPECT_TRUE(becomes_free(lock));
}

TEST_F(WindowsChildren, HasTimeToTidyUpAfterCtrlBreak) {
    if (::GetConsoleCP() == 0) GTEST_SKIP() << "there is no console here, and so no Ctrl-Break";
    const fs::path lock = folder / "lock";
    write_plainly(lock, "");
    const auto is_begun = [&] {
        SystemFile asking;
        return asking.open(lock, FileUse::read) == 0 && asking.is_locked();
    };
    const auto result = run_child({.argv = as("polite", {lock.string(), path("tidy")}),
                                   .watch = [&] { return !is_begun(); },
                                   .grace_ns = 30 * second_ns});
    EXPECT_FALSE(result);
    EXPECT_EQ(read_plainly(folder / "tidy"), "tidied");
}

TEST_F(WindowsChildren, WhatCannotBeStartedIsNamedWithWhatToDo) {
    EXPECT_THAT(run_child({.argv = {path("absent.exe")}}).error().what, HasSubstr("there is no such file"));
    EXPECT_THAT(run_child({.argv = {folder.path().string()}}).error().what, HasSubstr("it is a folder"));
    write_plainly(folder / "text.exe", "just text\n");
    const Error error = run_child({.argv = {path("text.exe")}}).error();
    EXPECT_EQ(error.code, ErrorCode::agent_lost);
    EXPECT_THAT(error.what, HasSubstr("cannot start text.exe"));
    EXPECT_EQ(run_child({.argv = as("exit", {std::string("0\0", 2)})}).error().code, ErrorCode::usage);
    EXPECT_EQ(run_child({}).error().code, ErrorCode::usage);
}

TEST_F(WindowsChildren, TheScratchFolderOfAKilledOwnerGoesWithTheNextOne) {
    const auto count = [this] {
        return std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator());
    };
    TempFolder elsewhere;
    {
        const Stranger owner(as("scratch", {folder.path().string(), (elsewhere / "lock").string()}));
        ASSERT_TRUE(becomes_locked(elsewhere / "lock"));
        EXPECT_EQ(count(), 1);
    }
    const auto next = ScratchFolder::make(folder.path());
    ASSERT_TRUE(next) << to_text(next.error());
    EXPECT_EQ(count(), 1);
    const auto another = ScratchFolder::make(folder.path());
    EXPECT_TRUE(fs::exists(next->path())) << "what is in use stays";
}

}  // namespace
}  // namespace passbench::tests

#include "host/carriers/shell_words.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "host/carriers/child_process.hpp"
#include "host/carriers/scratch_folder.hpp"

namespace passbench {
namespace {

const std::vector<std::string> hostile = {"",
                                          " ",
                                          "two  words",
                                          "it's",
                                          "'",
                                          "''",
                                          "'\\''",
                                          "\"double\"",
                                          "$(touch executed)",
                                          "`touch executed`",
                                          "; touch executed",
                                          "&& touch executed",
                                          "| touch executed",
                                          "\ntouch executed\n",
                                          "\r\n",
                                          "$HOME ${HOME} $$",
                                          "~",
                                          "~root",
                                          "*",
                                          "[a-z]?",
                                          "{a,b}",
                                          ">executed",
                                          "<executed",
                                          "#",
                                          "!",
                                          "!!",
                                          "\\",
                                          "\\\\",
                                          "a\\",
                                          "a=b",
                                          "-n",
                                          "--",
                                          "%s%n",
                                          "\t",
                                          "\001\033[31m\177",
                                          "Gr\303\274\303\237e \346\227\245\346\234\254 \360\237\232\200",
                                          "\377\376"};

TEST(ShellWord, IsBareWhereNothingInItIsAnythingToAShell) {
    EXPECT_EQ(shell_word("/usr/bin/env"), "/usr/bin/env");
    EXPECT_EQ(shell_word("lab@t4-box:22"), "lab@t4-box:22");
    EXPECT_EQ(shell_word(""), "''");
    EXPECT_EQ(shell_word("it's"), R"('it'\''s')");
    EXPECT_EQ(shell_word("a=b"), "'a=b'") << "before a command it would be an assignment";
}

TEST(ShellCommand, ArrivesWordForWordInEveryShellOfThisMachineAndNothingIsExecuted) {
    const auto made = ScratchFolder::make(testing::TempDir());
    ASSERT_TRUE(made);
    const std::filesystem::path folder = made->path();
    std::string expected;
    for (const std::string& word : hostile) expected += word + '\0';
    for (const char* shell : {"/bin/sh", "/bin/bash", "/bin/zsh", "/bin/ksh", "/bin/busybox"}) {
        if (!std::filesystem::exists(shell)) continue;
        SCOPED_TRACE(shell);
        std::vector<std::string> words = {"/bin/sh", "-c", R"(cd "$1" && shift && printf '%s\0' "$@" >words)", "sh",
                                          folder.string()};
        words.insert(words.end(), hostile.begin(), hostile.end());
        std::vector<std::string> argv = {shell};
        if (argv.front() == "/bin/busybox") argv.emplace_back("sh");
        argv.insert(argv.end(), {"-c", "cd " + shell_word(folder.string()) + " && " + shell_command(words)});
        const auto ended = run_child({.argv = argv});
        ASSERT_TRUE(ended);
        EXPECT_EQ(ended->exit_code, 0) << ended->output;
        std::ifstream file(folder / "words", std::ios::binary);
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), expected);
        EXPECT_FALSE(std::filesystem::exists(folder / "executed"));
    }
}

}  // namespace
}  // namespace passbench

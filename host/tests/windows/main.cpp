#include <gtest/gtest.h>

#include "harness/core/this_process.hpp"
#include "host/tests/windows/roles.hpp"

int main(int argc, char** argv) {
    const std::vector<std::string> words = passbench::command_line_words(argc, argv);
    if (words.size() > 2 && words[1] == "as") return passbench::tests::play({words.begin() + 2, words.end()});
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}

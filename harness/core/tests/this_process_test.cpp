#include "harness/core/this_process.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(ThisProcess, KnowsItsProgram) {
    EXPECT_EQ(running_program().filename().string(), program_file_name("core_tests"));
    EXPECT_TRUE(std::filesystem::exists(running_program()));
    EXPECT_GT(process_number(), 0);
}

TEST(ThisProcess, AVariableThatIsNotSetIsNothing) {
    EXPECT_EQ(environment_variable("PASSBENCH_THERE_IS_NO_SUCH_VARIABLE"), std::nullopt);
    EXPECT_NE(environment_variable("PATH").value_or(""), "");
}

TEST(ThisProcess, KnowsAFolderForItsOwnTime) { EXPECT_TRUE(std::filesystem::is_directory(temporary_folder())); }

}  // namespace
}  // namespace passbench

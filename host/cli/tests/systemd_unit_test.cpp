// The unit that releases at boot: what systemd reads of it, and that it comes and goes whole.
#include "host/cli/systemd_unit.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/carriers/scratch_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(SystemdUnit, StartsTheProgramWhateverItsFolderIsCalled) {
    const std::string text = unit_text({.program = R"(/opt/a "b" %h $HOME \n/passbench)", .state_folder = {}});
    EXPECT_THAT(text, HasSubstr(R"(ExecStart="/opt/a \"b\" %%h $$HOME \\n/passbench" release)"));
    EXPECT_THAT(text, Not(HasSubstr("PASSBENCH_STATE")));
}

TEST(SystemdUnit, LooksWhereThisProcessWouldHaveLooked) {
    EXPECT_THAT(unit_text({.program = "/usr/bin/passbench", .state_folder = "/srv/100% $x"}),
                HasSubstr("Environment=\"PASSBENCH_STATE=/srv/100%% $x\"\n"));
}

TEST(SystemdUnit, IsEnabledAndRemovedWhole) {
    const auto scratch = ScratchFolder::make(testing::TempDir());
    const BootTask task{.program = "/usr/bin/passbench", .state_folder = {}};
    for (int again = 0; again < 2; ++again) {
        const auto unit = install_unit(scratch->path(), task);
        ASSERT_TRUE(unit) << to_text(unit.error());
        const fs::path link = scratch->path() / "multi-user.target.wants" / unit->filename();
        EXPECT_EQ(fs::read_symlink(link), *unit);
        EXPECT_EQ(read(link), unit_text(task));
    }
    for (int again = 0; again < 2; ++again) {
        const auto unit = remove_unit(scratch->path());
        ASSERT_TRUE(unit) << to_text(unit.error());
        EXPECT_FALSE(fs::exists(*unit));
        EXPECT_TRUE(fs::is_empty(scratch->path() / "multi-user.target.wants"));
    }
}

TEST(SystemdUnit, ThatCannotBeWrittenIsSaid) {
    const auto unit = install_unit("/proc/passbench", {.program = "/usr/bin/passbench", .state_folder = {}});
    ASSERT_FALSE(unit);
    EXPECT_EQ(unit.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace passbench

#include "host/engine/state_folder.hpp"

#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class StateFolder : public testing::Test {
public:
    /// A place below a file can be written by nobody, not even by root.
    fs::path unwritable() {
        std::ignore = replace_file(scratch.path() / "file", "");
        return scratch.path() / "file/state";
    }
    ScratchFolder scratch;
};

TEST_F(StateFolder, TheChosenPlaceIsTakenAndMade) {
    const fs::path chosen = scratch.path() / "a/b";
    EXPECT_EQ(*state_folder(HostUse::changes_host, {.chosen = chosen, .machine = "/nowhere", .user = "/nowhere"}),
              chosen);
    EXPECT_TRUE(fs::is_directory(chosen));
}

TEST_F(StateFolder, TheMachinesPlaceComesBeforeTheUsers) {
    const StatePlaces places{.chosen = {}, .machine = scratch.path() / "machine", .user = scratch.path() / "user"};
    EXPECT_EQ(*state_folder(HostUse::changes_nothing, places), places.machine);
    EXPECT_EQ(*state_folder(HostUse::changes_host, places), places.machine);
}

TEST_F(StateFolder, WithoutRightsOnlyARunThatChangesNothingMayGoOn) {
    const StatePlaces places{.chosen = {}, .machine = unwritable(), .user = scratch.path() / "user"};
    EXPECT_EQ(*state_folder(HostUse::changes_nothing, places), places.user);
    const auto refused = state_folder(HostUse::changes_host, places);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_THAT(refused.error().fix, HasSubstr("PASSBENCH_STATE"));
}

TEST_F(StateFolder, WhatWasLeftIsLookedForInAllOfThem) {
    const StatePlaces places{.chosen = {}, .machine = scratch.path() / "machine", .user = scratch.path() / "user"};
    EXPECT_THAT(existing_state_folders(places), ElementsAre());
    fs::create_directories(places.user);
    EXPECT_THAT(existing_state_folders(places), ElementsAre(places.user));
    fs::create_directories(places.machine);
    EXPECT_THAT(existing_state_folders(places), ElementsAre(places.machine, places.user));
}

}  // namespace
}  // namespace passbench::tests

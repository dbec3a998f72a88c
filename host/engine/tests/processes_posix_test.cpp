// What the engine promises across processes, and where a user of Linux has his state.
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "host/engine/state_folder.hpp"
#include "host/engine/tests/engine_fixture.hpp"

namespace passbench::tests {
namespace {

class Processes : public EngineTest {};

TEST_F(Processes, AControllerInAnotherProcessIsRefusedAsWell) {
    auto lease = acquire();
    ASSERT_TRUE(lease);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto refused = Lease::acquire(host, {}, order());
        ::_exit(!refused && refused.error().code == ErrorCode::busy ? 0 : 1);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
}

TEST(StatePlaces, TheEnvironmentSaysWhereTheUsersStateIs) {
    ::setenv("XDG_STATE_HOME", "/somewhere/state", 1);
    ::setenv("PASSBENCH_STATE", "/chosen", 1);
    EXPECT_EQ(state_places().user, "/somewhere/state/passbench");
    EXPECT_EQ(state_places().chosen, "/chosen");
    ::setenv("XDG_STATE_HOME", "relative", 1);
    ::setenv("HOME", "/home/x", 1);
    ::unsetenv("PASSBENCH_STATE");
    EXPECT_EQ(state_places().user, "/home/x/.local/state/passbench");
    EXPECT_EQ(state_places().chosen, "");
}

}  // namespace
}  // namespace passbench::tests

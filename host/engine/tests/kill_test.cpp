// The promise that everything else rests on: whenever the controller is killed, `release` in a new process puts the host back.
#include "host/engine/tests/kill_fixture.hpp"

namespace passbench::tests {
namespace {

TEST_F(KillTest, AtEveryMomentOfALeaseReleasePutsTheHostBack) {
    int kills = 0;
    for (int moment = 1; moment < more_than_there_are; ++moment) {
        begin_anew();
        const Ending ending = run_lease(moment);
        ASSERT_NE(ending, Ending::failed);
        if (ending == Ending::finished) break;
        ++kills;
        expect_restored(moment, 0);
    }
    EXPECT_GT(kills, 80) << "fewer moments than the steps must have: is the observer called?";
}

/// What a crash in the middle of a write leaves behind, besides.
void tear_last_line(const std::filesystem::path& journal) {
    if (!std::filesystem::exists(journal)) return;
    std::ofstream(journal, std::ios::app) << R"({"kind":"intent","lease":0,"step":4,"resource":"vm/l)";
}

TEST_F(KillTest, AReleaseThatIsKilledItselfIsPickedUpByTheNextOverTornLines) {
    const std::filesystem::path journal = state / "journals/first.jsonl";
    int kills = 0;
    for (int first = 1; first < more_than_there_are; ++first) {
        begin_anew();
        if (run_lease(first) == Ending::finished) break;
        tear_last_line(journal);
        const int second = 1 + first * 13 % 30;  // a release has up to 90 moments
        const Ending ending = run_release(second);
        ASSERT_NE(ending, Ending::failed) << first << ", " << second;
        if (ending == Ending::killed) {
            ++kills;
            tear_last_line(journal);
        }
        expect_restored(first, second);
    }
    EXPECT_GT(kills, 50);
}

}  // namespace
}  // namespace passbench::tests

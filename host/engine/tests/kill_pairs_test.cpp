// The kill test with the release killed as well, at so many pairs of moments that it takes minutes.
#include "host/engine/tests/kill_fixture.hpp"

namespace passbench::tests {
namespace {

TEST_F(KillTest, AtAThirdOfAllPairsOfMomentsOfALeaseAndOfARelease) {
    constexpr int stride = 3;
    for (int first = 1; first < more_than_there_are; ++first) {
        Ending ending = Ending::killed;
        for (int second = 1 + first % stride; ending == Ending::killed; second += stride) {
            begin_anew();
            if (run_lease(first) == Ending::finished) return;
            ending = run_release(second);
            ASSERT_NE(ending, Ending::failed) << first << ", " << second;
            expect_restored(first, second);
        }
    }
}

}  // namespace
}  // namespace passbench::tests

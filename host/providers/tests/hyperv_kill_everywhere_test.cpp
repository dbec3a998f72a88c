// The same as hyperv_kill_test.cpp at every moment there is; label slow.
#include "host/providers/tests/hyperv_kill_fixture.hpp"

namespace passbench::tests {
namespace {

TEST_P(HypervKill, AtEveryMomentOfALeaseReleasePutsTheHostBack) { kill_at_moments(1, 1); }

INSTANTIATE_TEST_SUITE_P(Hyperv, HypervKill, methods_with_steps, name_of_method);

}  // namespace
}  // namespace passbench::tests

// Whenever the controller is killed while a card goes to a guest or comes back, `release` in a new process puts the host back.
#include "host/providers/tests/hyperv_kill_fixture.hpp"

namespace passbench::tests {
namespace {

TEST_P(HypervKill, AtManyMomentsOfALeaseReleasePutsTheHostBack) { kill_at_moments(1, 9); }

INSTANTIATE_TEST_SUITE_P(Hyperv, HypervKill, methods_with_steps, name_of_method);

}  // namespace
}  // namespace passbench::tests

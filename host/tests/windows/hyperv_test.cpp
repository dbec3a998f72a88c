// A card is handed to a guest by DDA and given back, on the simulated host, by the programs of Windows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/system_file.hpp"
#include "harness/core/tests/temp_folder.hpp"
#include "harness/core/windows_error.hpp"
#include "host/engine/lease.hpp"
#include "host/engine/release.hpp"
#include "host/engine/state_folder.hpp"
#include "host/providers/windows_host.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

TEST(WindowsHyperv, ASimulatedCardIsHandedOverAndGivenBack) {
    const TempFolder folder;
    const fs::path state = folder.path() / "Zust\u00E4nde";
    ::_wputenv_s(L"PASSBENCH_STATE", state.wstring().c_str());
    const HypervLease wanted{.method = HypervMethod::dda,
                             .vm = "linux-dda",
                             .fixture = PASSBENCH_DDA_FIXTURE,
                             .force = ForcedDismount::consented};
    auto made = make_hyperv_provider(wanted);
    ASSERT_TRUE(made) << to_text(made.error());
    Provider& provider = **made;
    const HostFacts before = provider.survey().value();
    const LeaseRequest request{.arm = "dda",
                               .binding = {.provider = "hyperv_dda", .vm = "linux-dda"},
                               .machine = {},
                               .prepare = {},
                               .consent = {.nvidia_eula = true, .force_dismount = true}};
    const auto steps = provider.steps(before, request);
    ASSERT_TRUE(steps) << to_text(steps.error());
    ASSERT_THAT(*steps, testing::Not(IsEmpty()));
    auto lease =
        Lease::acquire(provider, *steps, {.run = "first", .provider = provider.lease_name(), .state_folder = state});
    ASSERT_TRUE(lease) << to_text(lease.error());
    EXPECT_NE(provider.survey().value(), before);
    const Restoration restoration = lease->restore();
    EXPECT_TRUE(restoration.host_equals_snapshot());
    EXPECT_THAT(restoration.errors, IsEmpty());
    EXPECT_THAT(restoration.steps, SizeIs(steps->size()));
    EXPECT_EQ(provider.survey().value(), before);
    EXPECT_THAT(unfinished_journals(state)->journals, IsEmpty());
}

}  // namespace
}  // namespace passbench::tests

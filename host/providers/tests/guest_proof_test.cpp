// A guest is measured only when it shows the card that it was given, and by the way that was asked for.
#include "host/providers/guest_proof.hpp"

#include <gmock/gmock.h>

#include "host/providers/tests/hyperv_example.hpp"

namespace passbench::tests {
namespace {

using testing::HasSubstr;

PassthroughWanted asked_for(const std::string& method) {
    return {.method = method, .host = example_host(), .card = example_card, .guest = example_vm};
}

Environment guest_that_shows(const std::string& method) {
    Environment seen;
    seen.context["gpu.passthrough"] = method;
    return seen;
}

TEST(GuestProof, TheWayThatWasAskedForIsEnough) {
    EXPECT_TRUE(check_passthrough(guest_that_shows("dda"), asked_for("dda")));
    EXPECT_TRUE(check_passthrough(guest_that_shows("gpupv"), asked_for("gpupv")));
}

TEST(GuestProof, AnotherWayIsRefusedWithBothFacts) {
    const auto refused = check_passthrough(guest_that_shows("gpupv"), asked_for("dda"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_THAT(refused.error().what, HasSubstr("asked for dda"));
    EXPECT_THAT(refused.error().what, HasSubstr("shows /dev/dxg"));
    EXPECT_FALSE(check_passthrough(guest_that_shows("mixed"), asked_for("gpupv")));
    EXPECT_FALSE(check_passthrough({}, asked_for("gpupv")));
}

TEST(GuestProof, AnotherCardIsRefused) {
    Environment seen = guest_that_shows("dda");
    seen.identity["gpu.pci_id"] = std::string("10de:2531 subsystem 103c:151d");
    EXPECT_TRUE(check_passthrough(seen, asked_for("dda")));
    seen.identity["gpu.pci_id"] = std::string("10de:1eb8 subsystem 10de:12a2");
    const auto refused = check_passthrough(seen, asked_for("dda"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("gave the card 10de:2531"));
    EXPECT_THAT(refused.error().what, HasSubstr("has 10de:1eb8"));
}

TEST(GuestProof, ACardThatIsNotThereHasItsCauseInTheKernelsLog) {
    Environment seen = guest_that_shows("none");
    seen.context["kernel.log"] =
        std::string("hv_pci 7870: Need 0x802000000 of high MMIO space. Consider reconfiguring the VM.");
    const auto refused = check_passthrough(seen, asked_for("dda"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().finding, "dda.mmio_too_small");
}

TEST(GuestProof, ADistributionNeedsBothOfItsMounts) {
    Environment seen = guest_that_shows("wsl");
    const PassthroughWanted wanted = {
        .method = "wsl", .host = example_host(), .card = example_card, .guest = example_distribution};
    EXPECT_TRUE(check_passthrough(seen, wanted));
    EXPECT_FALSE(check_wsl_mounts(seen, wanted)) << "an agent that says nothing of them has not seen them";
    seen.context["wsl.lib_mounted"] = true;
    seen.context["wsl.drivers_mounted"] = true;
    seen.context["wsl.lib_files"] = std::int64_t{12};
    EXPECT_TRUE(check_wsl_mounts(seen, wanted));
    seen.context["wsl.drivers_mounted"] = false;
    EXPECT_THAT(check_wsl_mounts(seen, wanted).error().what, HasSubstr("/usr/lib/wsl/drivers"));
    seen.context["kernel.release"] = std::string("5.15.153.1-microsoft-standard-WSL2");
    seen.context["wsl.lib_mounted"] = false;
    seen.context["wsl.lib_files"] = std::int64_t{0};
    const auto refused = check_wsl_mounts(seen, wanted);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("/usr/lib/wsl/lib "));
    EXPECT_EQ(refused.error().finding, "wsl.libraries_missing");
}

}  // namespace
}  // namespace passbench::tests

// The name of a lease leads a later process to the same host.
#include "host/providers/hyperv_lease.hpp"

#include <gmock/gmock.h>

namespace passbench::tests {
namespace {

TEST(HypervLease, ComesBackFromItsNameWhateverItIsCalled) {
    for (const std::string name : {"", "lab-guest", "lab guest = \"1\" %", "Prüfstand", "$(calc)\n;"}) {
        for (const auto force : {ForcedDismount::refused, ForcedDismount::consented}) {
            for (const auto method :
                 {HypervMethod::dda, HypervMethod::gpupv, HypervMethod::native_windows, HypervMethod::wsl}) {
                const HypervLease lease{.method = method,
                                        .vm = name,
                                        .fixture = name,
                                        .force = force,
                                        .interpreter = {"/usr/bin/pwsh", "-File", name},
                                        .guest = SshSettings{.address = "10.0.0.5", .user = "lab", .port = 2222}};
                const auto back = parse_hyperv_lease(to_string(lease));
                ASSERT_TRUE(back) << to_text(back.error());
                EXPECT_EQ(*back, lease) << to_string(lease);
            }
        }
    }
}

TEST(HypervLease, KeepsWhatEflowIsDeployedAndProvisionedWith) {
    HypervLease lease{.method = HypervMethod::eflow_gpupv};
    lease.container_image = "registry.example:5000/ubuntu:22.04";
    lease.eflow.deploy = true;
    lease.eflow.memory_mb = 16384;
    lease.eflow.virtual_switch = "my = switch";
    lease.eflow.switch_type = "Internal";
    EXPECT_EQ(*parse_hyperv_lease(to_string(lease)), lease) << to_string(lease);
    EflowProvisioning& provisioning = lease.eflow.provisioning.emplace();
    provisioning.type = "DpsSymmetricKey";
    provisioning.registration_id = "lab 1";
    provisioning.secret_variable = "LAB_KEY";
    EXPECT_EQ(*parse_hyperv_lease(to_string(lease)), lease) << to_string(lease);
}

TEST(HypervLease, OfAnotherProviderIsNone) {
    EXPECT_EQ(*parse_hyperv_lease("local.gpu"), std::nullopt);
    EXPECT_EQ(*parse_hyperv_lease(""), std::nullopt);
}

TEST(HypervLease, ThatIsDamagedIsRefused) {
    for (const std::string name : {"hyperv_dda vm", "hyperv_dda vm=%4", "hyperv_dda vm=%zz", "hyperv_dda  force",
                                   "hyperv_gpupv vm=a fixtures=b", "hyperv_dda guest=lab", "eflow_dda cpus=four"}) {
        EXPECT_FALSE(parse_hyperv_lease(name)) << name;
    }
}

}  // namespace
}  // namespace passbench::tests

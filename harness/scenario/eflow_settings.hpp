// What passbench may do to EFLOW's virtual machine beyond giving it a card: [eflow] of a lab file. Deploying and provisioning have no way back,
// so both are done only where they are asked for here and consented to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace passbench {

/// How the machine is registered at a hub, as Provision-EflowVm takes it. Never a secret: the name of the environment variable that has it.
struct EflowProvisioning {
    std::string type;  // a word of eflow_provisioning_types()
    std::string scope_id = {};
    std::string registration_id = {};
    std::string iot_hub = {};
    std::string device_id = {};
    std::string identity_cert = {};  // a path on the Windows host, as the next
    std::string identity_key = {};
    std::string secret_variable = {};  // of a symmetric key or a connection string; "" where the type has none

    bool operator==(const EflowProvisioning&) const = default;
};

struct EflowSettings {
    bool deploy = false;  // where there is no machine yet; what follows is of it
    std::int64_t cpus = 4;
    std::int64_t memory_mb = 8192;    // 1024, its default, is too little for containers with a card
    std::int64_t disk_gb = 29;        // as Deploy-Eflow's default
    std::string virtual_switch = {};  // "": the Default Switch, which servers do not have; with addresses by DHCP
    std::string switch_type = {};     // "Internal", "External"
    std::optional<EflowProvisioning> provisioning = {};

    bool operator==(const EflowSettings&) const = default;
};

/// What a type of provisioning needs and may have, as keys of [eflow.provisioning].
struct EflowProvisioningType {
    std::string_view name;
    std::span<const std::string_view> needed;
    std::span<const std::string_view> optional;
    std::string_view secret = {};  // the one of `needed` that is { env = "NAME" }
};
[[nodiscard]] std::span<const EflowProvisioningType> eflow_provisioning_types();

}  // namespace passbench

// The name by which a lease on a Windows host stands in the journal: all that release() needs to speak to the same host again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/scenario/eflow_settings.hpp"
#include "harness/scenario/ssh_settings.hpp"
#include "host/providers/hyperv_host.hpp"

namespace passbench {

/// native_windows: the card stays with the host, which measures on it itself; wsl: the guest is a distribution of WSL;
/// eflow_*: it is EFLOW's virtual machine.
enum class HypervMethod { dda, gpupv, native_windows, wsl, eflow_dda, eflow_gpupv };
/// "hyperv_dda", "hyperv_gpupv", "native_windows", "wsl", "eflow_dda", "eflow_gpupv".
[[nodiscard]] std::string_view to_string(HypervMethod method);
/// Nothing where no method is the provider of this name.
[[nodiscard]] std::optional<HypervMethod> hyperv_method_named(std::string_view provider);
[[nodiscard]] bool is_of_eflow(HypervMethod method);

struct HypervLease {
    HypervMethod method = HypervMethod::dda;
    std::string vm = {};  // "": the only one that the host has; of wsl a distribution, "": the default one
    std::string fixture =
        {};  // the host that is played: a name of a shipped one or a path; "": the host that this program runs on
    ForcedDismount force = ForcedDismount::refused;
    std::vector<std::string> interpreter = {};  // a program and its arguments; empty: the host's own PowerShell
    std::optional<SshSettings> guest = {};      // how the VM is reached once it runs; nothing: by what its host tells
    EflowSettings eflow = {};                   // of eflow_*
    std::string container_image = {};           // of eflow_*; "": in the machine itself

    bool operator==(const HypervLease&) const = default;
};

/// "hyperv_dda vm=lab-guest fixture=server-2019-t4 force"; values are percent-encoded, the interpreter is a value a word. What is as by
/// default is left out. No secret is in it.
[[nodiscard]] std::string to_string(const HypervLease& lease);
/// Nothing where the name is of another provider. Error `bad_record` where it begins as one of these and does not go on so.
[[nodiscard]] Result<std::optional<HypervLease>> parse_hyperv_lease(std::string_view name);

}  // namespace passbench

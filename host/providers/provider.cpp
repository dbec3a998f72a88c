#include "host/providers/provider.hpp"

#include "host/providers/cards.hpp"
#include "host/providers/hyperv_lease.hpp"
#include "host/providers/local_provider.hpp"
#include "host/providers/ssh_lease_name.hpp"
#include "host/providers/ssh_provider.hpp"
#include "host/providers/windows_host.hpp"

namespace passbench {

Result<std::unique_ptr<Provider>> make_provider(const std::string& lease_name,
                                                const std::map<std::string, std::string>& asked_at) {
    for (const PreparedCards cards : all_prepared_cards) {
        if (lease_name == "local" + std::string(lease_suffix(cards))) {
            return std::unique_ptr<Provider>(
                std::make_unique<LocalProvider>(LocalPaths{.cards = cards, .asked_at = asked_at}));
        }
    }
    if (is_ssh_lease(lease_name)) {
        PASSBENCH_TRY(SshLease lease, parse_ssh_lease(lease_name));
        return std::unique_ptr<Provider>(std::make_unique<SshProvider>(
            SshGuest{.settings = std::move(lease.settings), .cards = lease.cards, .asked_at = asked_at}));
    }
    PASSBENCH_TRY(const auto hyperv, parse_hyperv_lease(lease_name));
    if (hyperv) return make_hyperv_provider(*hyperv);
    return fail(
        {.code = ErrorCode::usage,
         .what = "no provider is named '" + lease_name + "'",
         .where = "provider " + lease_name,
         .fix = "Known providers: local, ssh, hyperv_dda, hyperv_gpupv, native_windows, eflow_dda, eflow_gpupv, wsl."});
}

std::string provider_for(const ArmBinding& binding, const Lab& lab, const std::string& fixture) {
    if (const auto method = hyperv_method_named(binding.provider)) {
        return to_string(
            HypervLease{.method = *method,
                        .vm = binding.vm,
                        .fixture = lab.simulated ? fixture : "",
                        .force = lab.consent.force_dismount ? ForcedDismount::consented : ForcedDismount::refused,
                        .interpreter = lab.simulated ? std::vector<std::string>() : lab.interpreter,
                        .guest = lab.simulated ? std::nullopt : binding.ssh,
                        .eflow = is_of_eflow(*method) ? lab.eflow : EflowSettings(),
                        .container_image = binding.container_image});
    }
    if (binding.ssh) return to_string(SshLease{.settings = *binding.ssh, .cards = prepared_cards(lab)});
    return binding.provider == "local" ? "local" + std::string(lease_suffix(prepared_cards(lab))) : binding.provider;
}

}  // namespace passbench

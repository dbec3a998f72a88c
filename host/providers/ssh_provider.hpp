// The provider `ssh`: any Linux machine that the OpenSSH client of this one reaches is the guest. It is taken as it is: what it can be
// prepared with are its cards ([prepare] gpu_clocks, gpu_persistence), through the agent, which is brought there once by content.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/ssh_settings.hpp"
#include "host/carriers/ssh_carrier.hpp"
#include "host/providers/cards.hpp"
#include "host/providers/provider.hpp"

namespace passbench {

struct SshGuest {
    SshSettings settings;
    PreparedCards cards = PreparedCards::untouched;
    std::map<std::string, std::string> asked_at = {};  // preparation -> "lab.toml:5:14", for messages
    std::filesystem::path agent = {};                  // on this machine; empty: guest_bundle.hpp's own
};

class SshProvider final : public Provider {
public:
    explicit SshProvider(SshGuest guest);

    [[nodiscard]] std::string_view name() const override { return "ssh"; }
    [[nodiscard]] std::string lease_name() const override;
    /// "machine/USER@ADDRESS:PORT": cpus, memory_bytes, as the agent's probe names them; "arrivals": how files are checked there.
    /// "gpu/UUID", unless cards are untouched: see cards.hpp.
    [[nodiscard]] Result<HostFacts> survey() override;
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override;
    [[nodiscard]] Result<std::vector<Step>> steps(const HostFacts& facts, const LeaseRequest& request) const override;
    [[nodiscard]] std::unique_ptr<Carrier> carrier() override;
    [[nodiscard]] Result<std::string> agent_path() override;
    [[nodiscard]] Result<std::string> chosen_agent(const std::string& chosen) override;
    [[nodiscard]] Result<std::string> stand_in_driver(const std::string& agent) override;

private:
    [[nodiscard]] std::string machine_resource() const;
    [[nodiscard]] Result<Facts> probe_machine();
    [[nodiscard]] Result<std::string> bring(const Result<std::vector<BundleFile>>& files);
    [[nodiscard]] Result<std::string> stand_in_nvml();

    SshGuest guest_;
    std::shared_ptr<SshConnection> connection_;
    std::map<std::string, std::string> brought_;  // agent here -> its path there
    std::optional<Facts> machine_;                // a machine does not change while it runs
    std::string stand_ins_;                       // their folder there; "" until they are brought
};

}  // namespace passbench

// The providers `hyperv_dda` and `hyperv_gpupv`: a VM of this Windows host gets the whole card, or shares it with the host. The VM
// exists already. `wsl`: a distribution of WSL does; `eflow_dda` and `eflow_gpupv`: EFLOW's virtual machine. And `native_windows`, what all are compared with: the same card measured from
// Windows itself.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/powershell/host_functions.hpp"
#include "host/providers/hyperv_host.hpp"
#include "host/providers/hyperv_lease.hpp"
#include "host/providers/hyperv_script.hpp"
#include "host/providers/hyperv_steps.hpp"
#include "host/providers/provider.hpp"

namespace passbench {

/// How the guest is reached once it runs: as of a Provider.
struct GuestAccess {
    std::function<std::unique_ptr<Carrier>(const std::string& guest)>
        carrier;  // by its resource ("vm/lab-guest"); "": the host itself
    std::function<Result<std::string>(const std::string& chosen)> chosen_agent;
    std::function<Result<std::string>(const std::string& agent)> stand_in_driver;
};

class HypervProvider final : public Provider {
public:
    HypervProvider(HypervLease lease, std::shared_ptr<HostFunctions> functions, EngineClock clock, GuestAccess guest);

    [[nodiscard]] std::string_view name() const override { return to_string(lease_.method); }
    [[nodiscard]] std::string lease_name() const override { return to_string(lease_); }
    [[nodiscard]] Result<HostFacts> survey() override { return host_.survey(); }
    [[nodiscard]] Result<std::vector<std::string>> jobs() override { return host_.jobs(); }
    [[nodiscard]] EngineClock clock() const override { return host_.clock(); }
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override {
        return host_.set(resource, property, value);
    }
    [[nodiscard]] Result<std::vector<Step>> steps(const HostFacts& facts, const LeaseRequest& request) const override;
    [[nodiscard]] std::string script(const HostFacts& facts, const std::vector<Step>& steps) const override {
        return hyperv_script(facts, steps, lease_.eflow);
    }
    [[nodiscard]] Facts context(const HostFacts& facts, const LeaseRequest& request) const override;
    [[nodiscard]] Result<void> prove(const Environment& seen, const LeaseRequest& request) override;
    [[nodiscard]] std::unique_ptr<Carrier> carrier() override;
    [[nodiscard]] bool has_guest_before_steps() const override { return lease_.method == HypervMethod::native_windows; }
    [[nodiscard]] bool is_simulated() const override { return host_.is_simulated(); }
    [[nodiscard]] Result<std::string> agent_path() override { return guest_.chosen_agent(""); }
    [[nodiscard]] Result<std::string> chosen_agent(const std::string& chosen) override {
        return guest_.chosen_agent(chosen);
    }
    [[nodiscard]] Result<std::string> stand_in_driver(const std::string& agent) override {
        return guest_.stand_in_driver(agent);
    }

private:
    [[nodiscard]] HypervDemand demand_of(const LeaseRequest& request) const;
    [[nodiscard]] Result<std::string> find_guest(const HostFacts& facts) const;
    [[nodiscard]] bool is_given_already(const HostFacts& facts, const std::string& card,
                                        const HypervDemand& demand) const;

    HypervLease lease_;
    HypervHost host_;
    GuestAccess guest_;
};

}  // namespace passbench

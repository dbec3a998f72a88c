// The providers `hyperv_dda` and `hyperv_gpupv`: a VM of this Windows host gets the whole card, or shares it with the host. The VM
// exists already.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/powershell/host_functions.hpp"
#include "host/providers/hyperv_host.hpp"
#include "host/providers/provider.hpp"

namespace passbench {

enum class HypervMethod { dda, gpupv };
/// "hyperv_dda", "hyperv_gpupv".
[[nodiscard]] std::string_view to_string(HypervMethod method);

/// How the guest is reached once it runs.
struct GuestAccess {
    std::function<std::unique_ptr<Carrier>()> carrier;
    std::function<Result<std::string>()> agent_path;
    std::function<Result<std::string>(const std::string& agent)> stand_in_driver;
};

class HypervProvider final : public Provider {
public:
    HypervProvider(HypervMethod method, std::shared_ptr<HostFunctions> functions, EngineClock clock,
                   ForcedDismount force, GuestAccess guest);

    [[nodiscard]] std::string_view name() const override { return to_string(method_); }
    [[nodiscard]] Result<HostFacts> survey() override { return host_.survey(); }
    [[nodiscard]] Result<std::vector<std::string>> jobs() override { return host_.jobs(); }
    [[nodiscard]] EngineClock clock() const override { return host_.clock(); }
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override {
        return host_.set(resource, property, value);
    }
    [[nodiscard]] Result<std::vector<Step>> steps(const HostFacts& facts, const LeaseRequest& request) const override;
    [[nodiscard]] std::unique_ptr<Carrier> carrier() override { return guest_.carrier(); }
    [[nodiscard]] Result<std::string> agent_path() override { return guest_.agent_path(); }
    [[nodiscard]] Result<std::string> stand_in_driver(const std::string& agent) override {
        return guest_.stand_in_driver(agent);
    }

private:
    HypervMethod method_;
    HypervHost host_;
    ForcedDismount force_;
    GuestAccess guest_;
};

}  // namespace passbench

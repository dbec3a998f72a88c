// A Windows host as resources: its devices, VMs, policy values, WSL and EFLOW, surveyed and set one property at a time through the fixed
// functions. For every method that Windows has; it knows no order of steps, journals and retries nothing.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/scenario/eflow_settings.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/step.hpp"
#include "host/powershell/host_functions.hpp"

namespace passbench {

/// Whether a device without mitigation driver may be taken from the host all the same (-Force; facts 2.9): lab.toml consents.
enum class ForcedDismount { refused, consented };

/// What is surveyed beside Hyper-V itself.
enum class AlsoSurveyed { nothing, wsl, eflow, eflow_with_container };

class HypervHost final : public Resources {
public:
    /// `eflow`: what EFLOW's machine is deployed and provisioned with.
    HypervHost(std::shared_ptr<HostFunctions> functions, EngineClock clock, ForcedDismount force,
               AlsoSurveyed also = AlsoSurveyed::nothing, EflowSettings eflow = {});

    /// The resources of host_keys.hpp. Error: the interpreter's, or `bad_record` where its answer is no survey.
    [[nodiscard]] Result<HostFacts> survey() override;
    [[nodiscard]] Result<std::vector<std::string>> jobs() override;
    [[nodiscard]] EngineClock clock() const override { return clock_; }
    [[nodiscard]] bool is_simulated() const { return functions_->is_simulated(); }
    /// A device goes one way: host, disabled, dismounted, vm:NAME, one at a time, else error `precondition`. On its way back to the host
    /// it passes as many as it takes, error `timeout` where it stays at one of them. A VM that is to be off is asked to shut down, and turned off where it does not. Before a device changes its
    /// place its ids are read again: error `precondition` where another card sits there now.
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override;

private:
    [[nodiscard]] Result<void> set_in(const HostFacts& facts, const std::string& resource, const std::string& property,
                                      const std::string& value);
    [[nodiscard]] Result<void> move_device(const std::string& resource, const Facts& facts, const std::string& to);
    [[nodiscard]] Result<void> move_once(const std::string& resource, const Facts& facts, const std::string& to);
    /// Looks each second until the resource shows this value; what is known of it then, nothing where it does not within the limit.
    [[nodiscard]] Result<std::optional<Facts>> awaited(const std::string& resource, std::string_view property,
                                                       std::string_view value, std::int64_t limit_s);
    /// Waits until the device is in this state; what is known of it then.
    [[nodiscard]] Result<Facts> arrived(const std::string& resource, const std::string& state);
    [[nodiscard]] Result<void> set_eflow_property(const HostFacts& facts, const std::string& property,
                                                  const std::string& value);
    void wait_for_cards(const std::string& named);
    [[nodiscard]] Result<HostFacts> read(const std::string& function, const Facts& arguments = {});
    [[nodiscard]] Result<void> set_power(const std::string& vm, const Facts& facts, const std::string& power);
    [[nodiscard]] Result<void> set_partition(const std::string& vm, const std::string& path);
    [[nodiscard]] Result<void> shut_down(const std::string& vm);
    [[nodiscard]] Result<void> check_same_card(const std::string& resource, const Facts& facts) const;
    [[nodiscard]] Result<void> call(const std::string& function, const Facts& arguments);

    std::shared_ptr<HostFunctions> functions_;
    EngineClock clock_;
    ForcedDismount force_;
    AlsoSurveyed also_;
    EflowSettings eflow_;
    std::map<std::string, std::string> cards_;  // by resource: its ids when it was first seen
};

}  // namespace passbench

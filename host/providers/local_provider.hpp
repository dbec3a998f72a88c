// The provider `local`: this machine is the guest. It can prepare the CPU's clock ([prepare] cpu_governor, cpu_turbo) and its cards
// (gpu_clocks, gpu_persistence; cards.hpp), and changes nothing else.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/providers/cards.hpp"
#include "host/providers/provider.hpp"

namespace passbench {

struct LocalPaths {
    std::filesystem::path agent = {};  // empty: passbench-agent beside the running program
    std::filesystem::path cpu = "/sys/devices/system/cpu";
    PreparedCards cards = PreparedCards::untouched;
    std::map<std::string, std::string> asked_at = {};  // preparation -> "lab.toml:5:14", for messages
};

class LocalProvider final : public Provider {
public:
    explicit LocalProvider(LocalPaths paths = {});

    [[nodiscard]] std::string_view name() const override { return "local"; }
    [[nodiscard]] std::string lease_name() const override { return "local" + std::string(lease_suffix(paths_.cards)); }
    /// "cpufreq/policyN", for each set of CPUs that share a clock: governor, available_governors. "cpu": turbo (on, off). "gpu/UUID",
    /// unless cards are untouched: see cards.hpp. What this machine does not have is absent.
    [[nodiscard]] Result<HostFacts> survey() override;
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override;
    [[nodiscard]] Result<std::vector<Step>> steps(const HostFacts& facts, const LeaseRequest& request) const override;
    [[nodiscard]] std::unique_ptr<Carrier> carrier() override;
    [[nodiscard]] Result<std::string> agent_path() override;
    [[nodiscard]] Result<std::string> stand_in_driver(const std::string& agent) override;

private:
    [[nodiscard]] Result<HostFacts> survey_cards();
    [[nodiscard]] std::string stand_in_nvml(const std::string& agent) const;

    LocalPaths paths_;
};

}  // namespace passbench

// The provider `local`: this machine is the guest. It can prepare the CPU's clock ([prepare] cpu_governor, cpu_turbo) and
// changes nothing else.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/providers/provider.hpp"

namespace passbench {

struct LocalPaths {
    std::filesystem::path agent = {};  // empty: passbench-agent beside the running program
    std::filesystem::path cpu = "/sys/devices/system/cpu";
};

class LocalProvider final : public Provider {
public:
    explicit LocalProvider(LocalPaths paths = {});

    [[nodiscard]] std::string_view name() const override { return "local"; }
    /// "cpufreq/policyN", for each set of CPUs that share a clock: governor, available_governors. "cpu": turbo (on, off). What this
    /// machine does not have is absent.
    [[nodiscard]] Result<HostFacts> survey() override;
    [[nodiscard]] Result<void> set(const std::string& resource, const std::string& property,
                                   const std::string& value) override;
    [[nodiscard]] Result<std::vector<Step>> steps(const HostFacts& facts, const LeaseRequest& request) const override;
    [[nodiscard]] std::unique_ptr<Carrier> carrier() override;
    [[nodiscard]] Result<std::string> agent_path() override;
    [[nodiscard]] Result<std::string> stand_in_driver(const std::string& agent) override;

private:
    LocalPaths paths_;
};

}  // namespace passbench

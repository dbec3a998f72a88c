// The way into the guest of a simulated host: its programs run as child processes here, on the stand-in driver, and what its probe sees
// of the card is what the simulated host shows this guest. Everything measured there is `simulated`.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "host/carriers/child_process_carrier.hpp"
#include "host/powershell/host_functions.hpp"

namespace passbench {

class SimulatedGuest final : public Carrier {
public:
    /// `guest`: its resource ("vm/lab-guest", "wsl/Ubuntu-22.04", "eflow").
    SimulatedGuest(std::shared_ptr<HostFunctions> host, std::string guest);

    [[nodiscard]] Result<std::string> make_job_folder(const std::string& name) override;
    [[nodiscard]] Result<void> put(const std::filesystem::path& file, const std::string& guest_path) override;
    /// A probe answers as in this guest; everything else runs as it is.
    [[nodiscard]] Result<ExecResult> exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                          const ExecWatch& watch) override;
    [[nodiscard]] Result<void> get(const std::string& guest_folder, const std::filesystem::path& folder) override;
    [[nodiscard]] bool shares_files() const override { return true; }

private:
    [[nodiscard]] Result<void> make_tree(const std::filesystem::path& root);
    [[nodiscard]] Result<void> overlay_probe(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                             const ExecWatch& watch);

    std::shared_ptr<HostFunctions> host_;
    std::string guest_;
    ChildProcessCarrier machine_;
};

}  // namespace passbench

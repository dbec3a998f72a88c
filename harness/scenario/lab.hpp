// lab.toml: this lab's machines, kept apart from the questions: what the arms' names are bound to, what to prepare, where
// results go. Only what some part of passbench acts upon is accepted.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/eflow_settings.hpp"
#include "harness/scenario/scenario.hpp"
#include "harness/scenario/ssh_settings.hpp"

namespace passbench {

/// What an arm's name is bound to. Where the lab does not say otherwise, `local` is this machine, `native_windows`, `dda`, `gpupv`,
/// `eflow_dda`, `eflow_gpupv` and `wsl` are the methods of that name on the Windows host that passbench runs on, `native` is the machine by
/// its own system and `auto` the passthrough that its card supports.
struct ArmBinding {
    std::string
        provider;  // local, ssh, hyperv_dda, hyperv_gpupv, native_windows, eflow_dda, eflow_gpupv, wsl; native, auto
    double inject_host = 0;  // a planted slowdown, a fraction; flagged `injected`, the run capped at measured
    double inject_device = 0;
    std::string vm = {};               // of hyperv_*: the VM that gets the card; of wsl: the distribution
    std::string gpu = {};              // of a Windows host: the card's location, where machine.gpu alone does not tell
    bool may_stop_vm = false;          // of hyperv_*, eflow_* and wsl: the guest may be shut down where it runs
    std::string container_image = {};  // of eflow_*: the agent runs in a container of it; "": in the machine itself
    std::optional<SshSettings> ssh =
        {};  // of provider ssh, and of VMs where the lab has a table: how the machine is reached
};

/// What somebody in this lab has agreed to ([consent]); nothing where the file does not say it.
struct Consent {
    bool nvidia_eula = false;            // NVIDIA's end user licence agreement
    bool force_dismount = false;         // a card without mitigation driver is taken from the host, for trusted guests
    std::vector<std::string> keep = {};  // what a run may leave behind, words of consent_keep_words()
};

struct Lab {
    std::map<std::string, ArmBinding> arms;
    std::map<std::string, std::string>
        prepare;  // property -> wanted value, made steps of the lease: cpu_governor = "performance"
    std::map<std::string, std::string>
        asked_at;  // property -> "lab.toml:5:14", where `prepare` has it from, for messages
    Consent consent;
    std::vector<std::string> interpreter =
        {};  // [host] interpreter: what a Windows host is spoken to with; empty: its PowerShell
    EflowSettings eflow = {};
    std::filesystem::path results = "results/runs";
    std::string file;        // that it was read from, as it is typed after --lab; "" for the default
    bool simulated = false;  // cuda cases use the stand-in driver, and `inject` plants its slowdowns there
};

/// The lab when no file is given: arms are what ArmBinding says they are by themselves; nothing is prepared and nothing
/// agreed to.
[[nodiscard]] Lab default_lab();
[[nodiscard]] Checked<Lab> read_lab(const std::filesystem::path& path);
[[nodiscard]] Checked<Lab> parse_lab(std::string_view text, const std::string& name);

/// The lab of a scenario for which none is named: STEM.lab.toml beside STEM.toml where there is one, else default_lab().
[[nodiscard]] Checked<Lab> lab_beside(const std::filesystem::path& scenario);

/// The same arms on a device, and a Windows host, that only look like one; on those all is agreed to. Nothing of this machine is prepared, for it is not what is asked about; the
/// card that is made up (gpu_clocks, gpu_persistence) is where PASSBENCH_NVML_STATE names the file that keeps it.
[[nodiscard]] Lab simulated(Lab lab);

/// The lab that `--lab` names: a file; `simulated`, the lab of the scenario on a simulated device; `simulated:FILE`. Where it names
/// none: lab_beside(scenario), or the default lab without a scenario.
[[nodiscard]] Checked<Lab> choose_lab(const std::string& named, const std::filesystem::path& scenario);

/// What a run may be allowed to leave behind: eflow_deployment, eflow_provisioning, guest_drivers.
[[nodiscard]] std::span<const std::string_view> consent_keep_words();

/// Every key that a lab may have; the example file shows each of them, and a test holds it to that.
[[nodiscard]] std::vector<std::string_view> lab_keys();

}  // namespace passbench

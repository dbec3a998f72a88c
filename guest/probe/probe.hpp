// The fingerprint of a guest (R14.1 to R14.3) and what may disturb measuring on it (R13.5), from the files by which the kernel
// describes the machine. Changes nothing. What a survey of the host needs (devices, VMs) is not here but in host/providers.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "guest/probe/activity.hpp"
#include "guest/probe/cpu_libraries.hpp"
#include "guest/probe/cuda_device.hpp"
#include "guest/probe/cuda_driver.hpp"
#include "guest/probe/machine_files.hpp"
#include "harness/core/clock.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

/// A machine to be described: its files, and what no file says.
struct Machine {
    MachineFiles files;
    std::string hypervisor_signature;  // CPUID leaf 0x40000000; "" where there is none
    CudaDriver cuda;
    std::optional<CudaDevice> cuda_device;  // nothing where no driver was asked
    std::vector<CpuLibrary> libraries;
    std::map<std::string, std::string> variables;  // of the environment, those that are watched (watched_variables.hpp)
    TimerQuality timer{};                          // all 0 of a recorded machine
    std::vector<int> cpus;                         // that this process may use
    std::vector<BusyProcess> busy;                 // over a short watch
    bool recorded = false;
};

/// This one. Takes about 200 ms, for it watches what else is running, and as long as a CUDA driver takes to start. Must be called
/// before this process has other threads.
[[nodiscard]] Machine this_machine();

/// The files of this machine: Linux's own, and of Windows what it says of itself in their form (CPU, memory, version).
[[nodiscard]] MachineFiles files_of_this_machine();
/// A machine's variables as this process was started with them, each ended by a zero byte.
[[nodiscard]] std::string own_environment();

/// One of which only files are at hand, below `root` under their own names (proc/, sys/, dev/, etc/); the hypervisor's signature
/// is the first line of cpuid/0x40000000. Nothing is loaded, timed or watched.
[[nodiscard]] Machine recorded_machine(const std::filesystem::path& root);

/// Pure but for the reading of files. `disturbances` holds every fact looked at; where one does disturb, "FACT.advice" says in
/// a sentence what to do about it, and there is no such key where nothing has to be done.
[[nodiscard]] Environment describe(const Machine& machine);

}  // namespace passbench

// What the CPUs of a trial share: last-level caches, which decide whether a footprint measures memory, and cores, which own
// the arithmetic units. From the files of sysfs; a guest sees what its hypervisor tells it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace passbench {

struct Topology {
    std::optional<std::int64_t> llc_bytes;  // of all last-level caches of these CPUs together; nothing where not told
    std::optional<int> cores;               // distinct physical cores among these CPUs; nothing where not told
};

[[nodiscard]] Topology read_topology(std::span<const int> cpus,
                                     const std::filesystem::path& sysfs = "/sys/devices/system/cpu");

}  // namespace passbench

// What runs beside a case in the guest while it is measured: processes that keep processors, memory or the GPU busy. The workload
// is the same with and without; the name tells them apart (`copy/cpu?bytes=4096&load.cpu=2&threads=all`).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "harness/catalogue/case.hpp"
#include "harness/core/result.hpp"

namespace passbench {

enum class LoadKind {
    cpu,     // multiply-adds in registers
    memory,  // triads over arrays beyond the last-level cache
    gpu,     // multiply-adds on the device
};
inline constexpr std::array<LoadKind, 3> load_kinds = {LoadKind::cpu, LoadKind::memory, LoadKind::gpu};
[[nodiscard]] std::string_view to_string(LoadKind kind);
[[nodiscard]] Result<LoadKind> parse_load_kind(std::string_view text);

struct Load {
    LoadKind kind = LoadKind::cpu;
    int level = 1;  // processes, each on a CPU of its own; at least 1
    bool operator==(const Load&) const = default;
};
inline constexpr int most_load_processes = 64;

/// "load.cpu": the key that stands for this load in the names of cases.
[[nodiscard]] std::string load_key(LoadKind kind);
/// What a case is named by: its parameters, and the load where it has one.
[[nodiscard]] Parameters with_load(Parameters parameters, const std::optional<Load>& load);

}  // namespace passbench

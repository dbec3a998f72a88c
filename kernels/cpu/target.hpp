// What the parameters `isa`, `threads` and `stores` of a case come to on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/catalogue/case.hpp"
#include "harness/core/result.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/loop_table.hpp"

namespace passbench {

struct Target {
    Isa isa;
    int threads;
};

/// `cpus` is the size of the pool, `best` what isa = best stands for. Error `unsupported` where the machine has too few CPUs or
/// lacks the instruction set.
[[nodiscard]] Result<Target> resolve_target(const Parameters& parameters, int cpus, const CpuFeatures& cpu, Isa best);

/// The same for a case that has no instruction set to choose.
[[nodiscard]] Result<int> resolve_threads(const Parameters& parameters, int cpus);

/// What the parameter `stores` says: plain or nontemporal.
[[nodiscard]] Stores stores_of(std::string_view word);

/// A parameter of complete, valid parameters.
[[nodiscard]] std::string_view word_of(const Parameters& parameters, std::string_view name);
[[nodiscard]] std::int64_t integer_of(const Parameters& parameters, std::string_view name);

}  // namespace passbench

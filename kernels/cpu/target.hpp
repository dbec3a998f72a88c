// What the parameters `isa` and `threads` of a case come to on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/catalogue/case.hpp"
#include "harness/core/result.hpp"
#include "kernels/cpu/isa.hpp"

namespace passbench {

struct Target {
    Isa isa;
    int threads;
};

/// `cpus` is the size of the pool, `best` what isa = best stands for. Error `unsupported` where the machine has too few CPUs or
/// lacks the instruction set.
[[nodiscard]] Result<Target> resolve_target(const Parameters& parameters, int cpus, const CpuFeatures& cpu, Isa best);

/// Of a case that has no `isa`. Error `unsupported` where the machine has too few CPUs.
[[nodiscard]] Result<int> resolve_threads(const Parameters& parameters, int cpus);

/// A parameter of complete, valid parameters.
[[nodiscard]] std::string_view word_of(const Parameters& parameters, std::string_view name);
[[nodiscard]] std::int64_t integer_of(const Parameters& parameters, std::string_view name);

}  // namespace passbench

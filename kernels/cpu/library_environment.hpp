// What the CPU libraries are told by the environment, which is the only way, and only before they are loaded. A user's own setting
// wins. For main() of every program that measures: while threads run, nobody may change the environment.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernels/cpu/isa.hpp"

namespace passbench {

struct EnvironmentSetting {
    std::string_view name;
    std::string value;
};

/// libgomp's threads sleep between two uses (else they spin into what is measured next), OpenBLAS's nearly so, and OpenBLAS takes the
/// code that this CPU can run (openblas.hpp).
[[nodiscard]] std::vector<EnvironmentSetting> library_environment(const CpuFeatures& cpu);

/// Sets what is not set yet.
void set_library_environment();

}  // namespace passbench

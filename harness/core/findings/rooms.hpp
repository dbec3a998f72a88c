// The rows of the table of findings, a file a room; findings.cpp puts them together. Each room's rows stand in the order of their names.
#pragma once

#include <vector>

#include "harness/core/findings.hpp"

namespace passbench {

[[nodiscard]] std::vector<Finding> container_findings();
[[nodiscard]] std::vector<Finding> dda_findings();
[[nodiscard]] std::vector<Finding> eflow_findings();
[[nodiscard]] std::vector<Finding> gpu_findings();
[[nodiscard]] std::vector<Finding> gpupv_findings();
[[nodiscard]] std::vector<Finding> host_findings();
[[nodiscard]] std::vector<Finding> ssh_findings();
[[nodiscard]] std::vector<Finding> wsl_findings();

}  // namespace passbench

// The manual pages of the catalogue: what `passbench help WORKLOAD` and `help workloads` show, and the pages in docs/.
#pragma once

#include <string>

#include "harness/catalogue/workload.hpp"

namespace passbench {

/// All about one workload in lines of at most 100 columns, ending in a newline.
[[nodiscard]] std::string manual(const Workload& workload);

/// What a time follows over a parameter: "wall = alpha + bytes / beta, ..."; "" where the catalogue says nothing.
[[nodiscard]] std::string line_of(const Workload& workload);

/// A line for each workload: name, forms, title.
[[nodiscard]] std::string manual_of_workloads();

}  // namespace passbench

// Reading one [[case]] table: its workload, forms, axes and gates, each value checked against the catalogue.
#pragma once

#include <optional>

#include "harness/scenario/fields.hpp"
#include "harness/scenario/scenario.hpp"

namespace passbench {

/// `arms` is the number of arms of the scenario: a gate compares arms. Nothing where the workload is not known; other mistakes
/// leave out what they concern.
[[nodiscard]] std::optional<ScenarioCase> read_case(const TomlNode& node, std::size_t arms, Mistakes& mistakes);

}  // namespace passbench

// [eflow] of a lab file. Internal to this room.
#pragma once

#include <string_view>
#include <vector>

#include "harness/scenario/eflow_settings.hpp"
#include "harness/scenario/fields.hpp"

namespace passbench {

[[nodiscard]] EflowSettings read_eflow(const TomlTable& table, Mistakes& mistakes);

/// Every key of it and of its tables.
[[nodiscard]] std::vector<std::string_view> eflow_keys();

}  // namespace passbench

// The tables [arm.NAME] of a lab file: to which provider an arm's name is bound, and the provider's own settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/fields.hpp"
#include "harness/scenario/lab.hpp"

namespace passbench {

/// A program's path and its arguments, a text each; empty where the key is absent or wrong.
[[nodiscard]] std::vector<std::string> read_command(const Fields& fields, std::string_view key, Mistakes& mistakes);

/// What the entry binds its name to; mistakes are added to the list.
[[nodiscard]] ArmBinding read_binding(const TomlEntry& entry, Mistakes& mistakes);

/// Every key that such a table may have, whatever its provider.
[[nodiscard]] std::vector<std::string_view> arm_keys();

}  // namespace passbench

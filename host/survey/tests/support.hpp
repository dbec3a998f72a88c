// What tests of the survey share: the fixture hosts of host/simulated/hosts, and facts of them changed one at a time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/environment.hpp"
#include "host/survey/methods.hpp"

namespace passbench {

inline constexpr std::chrono::year_month_day test_day =
    std::chrono::year{2024} / std::chrono::June / 1;  // every EFLOW from 1.4 on is supported

/// The names of all fixture hosts, in their order.
[[nodiscard]] std::vector<std::string> fixture_names();
/// host/simulated/hosts/NAME.json; fails the test where it cannot be read.
[[nodiscard]] HostFacts fixture(const std::string& name);
[[nodiscard]] std::string fixture_path(const std::string& name, std::string_view ending);

/// The resource of the host's first NVIDIA card: "gpu/PCIROOT(0)#PCI(0300)#PCI(0000)".
[[nodiscard]] std::string first_card(const HostFacts& facts);
/// The cell of that card on `test_day`.
[[nodiscard]] MethodCell cell_of_first_card(const HostFacts& facts, Method method);
/// The rules that make a cell more than possible, in their order.
[[nodiscard]] std::vector<std::string> rules_against(const MethodCell& cell);

}  // namespace passbench

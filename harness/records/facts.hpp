// Facts: named scalars with dotted keys ("cpu.model", "timer.resolution_ns"), flat so that two machines can be compared key
// by key and a difference named exactly.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace passbench {

using Fact = std::variant<bool, std::int64_t, double, std::string>;
using Facts = std::map<std::string, Fact, std::less<>>;

[[nodiscard]] std::string to_string(const Fact& fact);
/// The fact of this key and type; nothing where it is absent or of another type (an integer also serves as a double).
[[nodiscard]] std::optional<std::int64_t> fact_int(const Facts& facts, std::string_view key);
[[nodiscard]] std::optional<double> fact_double(const Facts& facts, std::string_view key);
[[nodiscard]] std::optional<bool> fact_bool(const Facts& facts, std::string_view key);
[[nodiscard]] std::optional<std::string> fact_text(const Facts& facts, std::string_view key);

/// A key whose values differ; "" where one side has none.
struct FactDifference {
    std::string key;
    std::string left;
    std::string right;
};
/// The keys that differ, in their order.
[[nodiscard]] std::vector<FactDifference> differences(const Facts& left, const Facts& right);
/// "cpus was '4', now '8'; gpu.model was '', now 'T4'"
[[nodiscard]] std::string changes_text(const std::vector<FactDifference>& changes);

}  // namespace passbench

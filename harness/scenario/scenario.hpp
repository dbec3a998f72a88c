// scenario.toml: the question that a run answers, strictly read. Everything that a person can get wrong is told with
// file:line:column and the nearest known word, all mistakes of a file at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/case.hpp"
#include "harness/catalogue/load.hpp"
#include "harness/core/result.hpp"
#include "harness/records/plan.hpp"

namespace passbench {

/// One [[case]] table after its axes are read: every value checked against the catalogue. Expansion is the plan's work.
struct ScenarioCase {
    std::string workload;
    std::vector<Form> forms;
    std::map<std::string, std::vector<Value>> axes;  // by name; values in the order of the file
    struct FormGate {
        Form form;
        Gate gate;
    };
    std::vector<FormGate> gates;
    std::string where;  // file:line:column of the table
};

struct Scenario {
    std::string stem;  // file name without extension
    std::string title;
    std::string factor;
    std::vector<std::string> arms;
    MachineDemand machine;
    std::vector<ScenarioCase> cases;
    std::vector<Load> loads;  // each case is measured alone, and beside each of these
    Design design;
    std::string text;  // the file as it was read, for the run directory
};

/// Limits of the reader.
inline constexpr std::int64_t max_scenario_bytes = 1 << 20;
inline constexpr std::size_t max_expanded_cases = 100'000;
inline constexpr std::size_t max_reported_mistakes = 20;

/// A scenario, or all its mistakes (code `scenario`, each `where` = file:line:column; at most max_reported_mistakes and one more
/// that counts the rest). What is not TOML at all, or no text, is one mistake.
template <typename T>
using Checked = tl::expected<T, std::vector<Error>>;

/// `base = "file"` is looked for beside the scenario; its keys count where the scenario has none of their name.
[[nodiscard]] Checked<Scenario> read_scenario(const std::filesystem::path& path);
/// The same from text; `name` stands for the file in messages. `base` is a mistake here.
[[nodiscard]] Checked<Scenario> parse_scenario(std::string_view text, const std::string& name);

}  // namespace passbench

// verdict.json: the word of a run, its reasons, and the word of every gate.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/stats.hpp"

namespace passbench {

enum class RunWord { qualified, not_qualified, inconclusive, invalid, failed, measured };
enum class GateWord { ok, improved, regressed, inconclusive, confounded, invalid, skipped, waived, error };
[[nodiscard]] std::string_view to_string(RunWord word);
[[nodiscard]] std::string_view to_string(GateWord word);
/// 0 qualified and measured, 1 not_qualified, 3 inconclusive, 4 failed, 5 invalid.
[[nodiscard]] int exit_code(RunWord word);

struct Reason {
    std::string code;
    std::string text;  // a sentence
    std::string fix;   // what to do next; may be empty
};

struct GateVerdict {
    std::string case_name;
    std::string metric;
    std::string arm;
    std::string reference;
    GateWord word = GateWord::inconclusive;
    std::optional<double> estimate;
    std::optional<double> lo;
    std::optional<double> hi;
    double budget = 0;
    int blocks = 0;
    std::optional<double> mde;
    std::string text;  // a sentence
};

struct Verdict {
    RunWord word = RunWord::failed;
    bool simulated = false;
    std::string card;  // the card's name, or "none"
    std::vector<Reason> reasons;
    std::vector<GateVerdict> gates;
    std::vector<Flag> flags;
    std::vector<std::string> kept;  // of the status: what stays changed on the host (design.md section 8)
};

[[nodiscard]] std::string to_json(const Verdict& verdict);
[[nodiscard]] Result<Verdict> verdict_from_json(std::string_view text);

}  // namespace passbench

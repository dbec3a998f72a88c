// plan.json: everything that a run will do, every default written out. It depends on the scenario alone and is the same,
// byte for byte, on every machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/case.hpp"
#include "harness/catalogue/load.hpp"
#include "harness/core/result.hpp"

namespace passbench {

struct Gate {
    std::string metric;
    double budget;  // a fraction: 0.03 is 3 %
};

struct PlannedCase {
    std::string name;  // canonical (case_name)
    std::string workload;
    int workload_version = 1;
    Form form = Form::cpu;
    Parameters parameters;
    Work work;  // of one operation
    std::vector<Gate> gates;
    std::optional<Load> load = {};  // runs beside it; such a case is never gated
};

enum class StopRule { fixed, precision };

struct Design {
    std::vector<int> looks = {8, 16, 24};  // number of blocks at each look, ascending
    int trials = 3;
    int iterations = 30;
    std::int64_t warmup_ns = 500'000'000;
    std::int64_t warmup_cap_ns = 10'000'000'000;
    std::int64_t trial_timeout_ns = 60'000'000'000;
    StopRule stop = StopRule::fixed;
    double alpha = 0.05;  // before it is divided among looks and gates
    std::uint64_t seed = 1;
};

/// What the arms must have in common; absent means whatever there is.
struct MachineDemand {
    std::optional<std::string> gpu;
    std::optional<int> vcpus;
    std::optional<std::int64_t> memory_bytes;
    std::optional<std::string> fixture;  // the host that `--lab simulated` plays
};

/// One trial of one case: indexes into Plan::cases and [0, trials).
struct Slot {
    int case_index;
    int trial;
    bool operator==(const Slot&) const = default;
};

/// A randomised complete block (R6.1): the arms in their realised order, and the order of trials, the same in every arm so
/// that pairs share it.
struct BlockPlan {
    std::vector<int> arms;  // indexes into Plan::arms
    std::vector<Slot> slots;
};

struct Plan {
    std::string scenario;  // the file's stem: names the run
    std::string title;
    std::string factor;             // what differs between arms
    std::vector<std::string> arms;  // the first is the reference
    MachineDemand machine;
    std::vector<PlannedCase> cases;
    Design design;
    std::vector<BlockPlan> blocks;  // of all looks
    std::string sha256;             // of the document without this key; set by to_json and checked by plan_from_json
};

/// The document plan.json, ending in a newline; `sha256` is computed here.
[[nodiscard]] std::string to_json(const Plan& plan);
/// Error `bad_record` with the path inside the document; `plan_changed` where the digest does not fit the content.
[[nodiscard]] Result<Plan> plan_from_json(std::string_view text);
/// The digest that to_json writes.
[[nodiscard]] std::string plan_digest(const Plan& plan);

}  // namespace passbench

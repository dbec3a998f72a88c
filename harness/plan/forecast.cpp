// What a plan will cost and what it can show, from assumptions that are stated with the numbers.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/core/quantile_functions.hpp"
#include "harness/plan/make_plan.hpp"

namespace passbench {

namespace {

// Assumed of any machine; `plan` never looks at the one it runs on, so that its numbers are the same everywhere.
constexpr double start_seconds = 0.1;
constexpr double bytes_a_second = 10e9;
constexpr double prepared_bytes_a_second = 1e9;  // first touch, filling, checking every result
constexpr double flops_a_second = 100e9;
constexpr double shortest_iteration_seconds = 1e-3;
constexpr double precision_seconds = 1.0;  // R4.2 ends between 0.2 s and 10 s
constexpr std::string_view assumption =
    "Assumed: a trial takes 0.1 s to start, 1 s for each GB it prepares and checks, its warm-up, and iterations at 10 "
    "GB/s "
    "or 100 GFLOP/s, at least 1 ms each.";

double iteration_seconds(const PlannedCase& planned) {
    return std::max({static_cast<double>(planned.work.bytes) / bytes_a_second,
                     static_cast<double>(planned.work.flops) / flops_a_second, shortest_iteration_seconds});
}

double warmup_seconds(const Design& design, double iteration) {
    constexpr double windows = 3;  // R3.2: three windows of max(8, 50 ms / t) iterations
    const double steady = windows * std::max(8 * iteration, 0.05);
    return std::min(std::max(static_cast<double>(design.warmup_ns) / 1e9, steady),
                    static_cast<double>(design.warmup_cap_ns) / 1e9);
}

double trial_seconds(const PlannedCase& planned, const Design& design) {
    const double iteration = iteration_seconds(planned);
    // What a device does is repeated after each sample, for the device's own time.
    const double runs = planned.form == Form::cuda ? 2 : 1;
    const double measured = runs * (design.stop == StopRule::precision ? std::max(precision_seconds, 30 * iteration)
                                                                       : design.iterations * iteration);
    return start_seconds + static_cast<double>(planned.work.bytes) / prepared_bytes_a_second +
           warmup_seconds(design, iteration) + measured;
}

}  // namespace

PlanCost estimate_cost(const Plan& plan) {
    double block_seconds = 0;
    for (const PlannedCase& planned : plan.cases)
        block_seconds += plan.design.trials * trial_seconds(planned, plan.design);
    const auto arms = plan.arms.size();
    const auto minutes = [&](int blocks) { return blocks * static_cast<double>(arms) * block_seconds / 60; };
    const auto trials = [&](int blocks) {
        return static_cast<std::size_t>(blocks) * arms * plan.cases.size() *
               static_cast<std::size_t>(plan.design.trials);
    };
    return {.minutes_first_look = minutes(plan.design.looks.front()),
            .minutes_all_looks = minutes(plan.design.looks.back()),
            .trials_first_look = trials(plan.design.looks.front()),
            .trials_all_looks = trials(plan.design.looks.back()),
            .assumption = std::string(assumption)};
}

std::optional<double> minimal_detectable_effect(const Plan& plan, double pair_sd) {
    constexpr int fewest_blocks = 6;  // R5.3: below, a paired 95 % interval does not exist
    constexpr double power = 0.8;
    const int blocks = plan.design.looks.back();
    if (plan.arms.size() < 2 || blocks < fewest_blocks) return std::nullopt;
    const auto looks = static_cast<double>(plan.design.looks.size());
    const auto gates = static_cast<double>(std::max<std::size_t>(1, judged_gates(plan)));
    const double alpha = plan.design.alpha / (looks * gates);
    const double degrees = blocks - 1;
    // sqrt(pi/3): the efficiency of the Hodges-Lehmann estimate against the mean, for normal differences.
    return (student_t_quantile(1 - alpha / 2, degrees) + student_t_quantile(power, degrees)) * pair_sd /
           std::sqrt(static_cast<double>(blocks)) * std::sqrt(std::numbers::pi / 3);
}

}  // namespace passbench

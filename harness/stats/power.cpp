#include "harness/stats/power.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "harness/core/quantile_functions.hpp"

namespace passbench {
namespace {

// R11.1: t quantiles, not normal ones; sqrt(pi/3) is what the Hodges-Lehmann estimate loses against the mean of normal data.
double detectable_effect(double standard_error, double degrees, double alpha) {
    const double reach = student_t_quantile(1 - alpha / 2, degrees) + student_t_quantile(0.8, degrees);
    return reach * standard_error * std::sqrt(std::numbers::pi / 3);
}

}  // namespace

int number_of_gates(const Plan& plan) {
    std::size_t gates = 0;
    for (const PlannedCase& planned : plan.cases) gates += planned.gates.size();
    const std::size_t compared_arms = plan.arms.empty() ? 0 : plan.arms.size() - 1;
    return static_cast<int>(std::max<std::size_t>(1, gates * compared_arms));
}

double gate_alpha(const Plan& plan) {
    const auto looks = static_cast<double>(std::max<std::size_t>(1, plan.design.looks.size()));
    return plan.design.alpha / (looks * number_of_gates(plan));
}

const Gate* find_gate(const PlannedCase& planned, std::string_view metric) {
    const auto found = std::find_if(planned.gates.begin(), planned.gates.end(),
                                    [&](const Gate& gate) { return gate.metric == metric; });
    return found == planned.gates.end() ? nullptr : &*found;
}

double sample_sd(std::span<const double> values) {
    if (values.size() < 2) return 0.0;
    const auto n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return std::sqrt(squares / (n - 1));
}

double paired_detectable_effect(std::size_t blocks, double pair_sd, double alpha) {
    const auto count = static_cast<double>(blocks);
    return detectable_effect(pair_sd / std::sqrt(count), count - 1, alpha);
}

double unpaired_detectable_effect(std::size_t n, std::size_t m, double pooled_sd, double alpha) {
    const auto left = static_cast<double>(n);
    const auto right = static_cast<double>(m);
    return detectable_effect(pooled_sd * std::sqrt(1 / left + 1 / right), left + right - 2, alpha);
}

}  // namespace passbench

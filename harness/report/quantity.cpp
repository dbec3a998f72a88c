#include "harness/report/quantity.hpp"

#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "harness/report/case_groups.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

struct Unit {
    std::string_view name;
    double scale;
};

constexpr std::array<Unit, 4> durations = {{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
constexpr std::array<Unit, 6> prefixes = {{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}}};

constexpr std::array<Unit, 4> sizes = {{{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}}};

struct Scaled {
    double scale = 1;
    std::string unit;
};

Unit largest_below(double value, std::span<const Unit> ascending) {
    Unit chosen = ascending.front();
    for (const Unit& unit : ascending) {
        if (std::fabs(value) >= unit.scale) chosen = unit;
    }
    return chosen;
}

Scaled scale_of(const Estimate& estimate) {
    if (estimate.reference || estimate.kind == MetricKind::ratio) return {0.01, "%"};
    if (estimate.unit == "ns" || estimate.unit == "B") {
        const std::span<const Unit> units = estimate.unit == "B" ? std::span<const Unit>(sizes) : durations;
        const Unit unit = largest_below(*estimate.value, units);
        return {unit.scale, std::string(unit.name)};
    }
    if (estimate.unit == "ppm") return {1e4, "%"};
    if (estimate.unit.ends_with("/s")) {
        const Unit unit = largest_below(*estimate.value, prefixes);
        return {unit.scale, std::string(unit.name) + estimate.unit};
    }
    return {1, estimate.unit};
}

int decimals_for(double value) {
    const double size = std::fabs(value);
    return size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
}

}  // namespace

QuantityText quantity_text(const Estimate& estimate) {
    if (!estimate.value) return {.value = "-", .interval = ""};
    const Scaled scaled = scale_of(estimate);
    const auto number = [&, decimals =
                                estimate.reference ? 1 : decimals_for(*estimate.value / scaled.scale)](double value) {
        std::string text = fmt::format("{:.{}f}", value / scaled.scale, decimals);
        return text.find_first_not_of("-0.") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
    };
    QuantityText text;
    text.value = number(*estimate.value) + (scaled.unit.empty() ? "" : " ") + scaled.unit;
    if (estimate.lo && estimate.hi)
        text.interval = fmt::format("[{} .. {}]", number(*estimate.lo), number(*estimate.hi));
    return text;
}

QuantityText quantity_text(const Fit& fit, const FitNumber& number) {
    Estimate estimate;
    estimate.unit = fit.reference ? "" : printable(number.unit);
    estimate.reference = fit.reference;
    estimate.value = number.value;
    estimate.lo = number.lo;
    estimate.hi = number.hi;
    return quantity_text(estimate);
}

std::string furthest_text(const Fit& fit) {
    if (!fit.furthest) return "";
    const std::string at = parameter_text(fit.cases, fit.parameter, fit.furthest->at);
    return fmt::format("{} {} at {}", format_percent(std::fabs(fit.furthest->value)),
                       fit.furthest->value < 0 ? "below" : "above", at);
}

std::string range_text(const Fit& fit) {
    if (!fit.from || !fit.to) return "";
    return fmt::format("{} .. {}", parameter_text(fit.cases, fit.parameter, *fit.from),
                       parameter_text(fit.cases, fit.parameter, *fit.to));
}

FactorText factor_text(const SpeedUp& speed_up, std::string_view number) {
    const auto found = std::find_if(speed_up.numbers.begin(), speed_up.numbers.end(),
                                    [&](const FitNumber& one) { return one.name == number; });
    if (found == speed_up.numbers.end() || !found->value) return {.value = "-", .interval = ""};
    const auto with_three_digits = [](double factor) {
        const int decimals = factor < 10 ? 2 : factor < 100 ? 1 : 0;
        return fmt::format("{:.{}f}", factor, decimals);
    };
    FactorText text = {.value = with_three_digits(*found->value) + " x", .interval = ""};
    if (found->lo && found->hi) {
        text.interval = fmt::format("[{} .. {}]", with_three_digits(*found->lo), with_three_digits(*found->hi));
    }
    return text;
}

std::string detectable_text(double mde) { return mde > 1 ? "> 100 %" : format_percent(mde); }

std::string limit_text(const Estimate& estimate) {
    if (!estimate.limit || !estimate.of_limit) return "";
    return fmt::format("{:.0f} % {}", *estimate.of_limit * 100, to_string(estimate.limit->kind));
}

}  // namespace passbench

#include "harness/report/quantity.hpp"

#include <array>
#include <cmath>
#include <span>
#include <string_view>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"

namespace passbench {
namespace {

struct Unit {
    std::string_view name;
    double scale;
};

constexpr std::array<Unit, 4> durations = {{{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
constexpr std::array<Unit, 6> prefixes = {{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}}};

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
    if (estimate.reference) return {0.01, "%"};
    if (estimate.unit == "ns") {
        const Unit unit = largest_below(*estimate.value, durations);
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

std::string detectable_text(double mde) { return mde > 1 ? "> 100 %" : format_percent(mde); }

std::string limit_text(const Estimate& estimate) {
    if (!estimate.limit || !estimate.of_limit) return "";
    return fmt::format("{:.0f} % {}", *estimate.of_limit * 100, to_string(estimate.limit->kind));
}

}  // namespace passbench

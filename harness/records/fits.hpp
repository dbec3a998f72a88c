// The lines of stats.json: how a time grows with one parameter (LineFit of the catalogue), with intervals over the blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace passbench {

/// One number of a line. Of one arm in `unit`; of an arm against the reference the relative change, positive = worse.
struct FitNumber {
    std::string name;  // alpha, beta, n_half; a, b
    std::string unit = {};
    std::optional<double> value = {};
    std::optional<double> lo = {};
    std::optional<double> hi = {};
    double confidence = 0;  // exact coverage of the interval; 0 where there is none
    std::string why = {};   // why the value or its interval is absent
};

/// Where the times lie furthest from the line, as a factor: time / line - 1 at `at`, the median over the blocks.
struct FitResidual {
    std::int64_t at = 0;
    double value = 0;
};

/// The line through the cases that are equal in all but `parameter`, in one arm or (with `reference`) its change against another.
struct Fit {
    std::string cases;  // their name without the parameter: copy/cuda?direction=h2d&host=pinned
    std::string parameter;
    std::string metric;
    std::string arm;
    std::optional<std::string> reference;
    std::string model;                 // "alpha + bytes / beta"
    std::string method;                // least_log_deviations; hodges_lehmann_paired
    int blocks = 0;                    // with a line of their own
    int points = 0;                    // values of the parameter that the lines go through
    std::optional<std::int64_t> from;  // the smallest and the largest of them
    std::optional<std::int64_t> to;
    std::vector<FitNumber> numbers;
    std::optional<FitResidual> furthest;
    std::string why;  // why there is no line
};

}  // namespace passbench

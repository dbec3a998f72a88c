// The table of workloads as data: names, forms, parameters, metrics, limits and the manual of each. What a workload does
// lives in kernels/; a test there holds the two sets equal. A controller without any agent knows from here what is valid.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/case.hpp"
#include "harness/core/result.hpp"

namespace passbench {

enum class Direction { lower, higher };  // which is better
enum class MetricKind { time, rate, count, ratio };
[[nodiscard]] std::string_view to_string(Direction direction);
[[nodiscard]] std::string_view to_string(MetricKind kind);

struct Metric {
    std::string_view name;  // `wall` is column `wall_ns`; rates are derived from the work of the case
    std::string_view unit;  // ns, B/s, FLOP/s
    Direction direction;
    MetricKind kind;
    std::string_view column;                            // the column it is taken from, with its unit as suffix
    std::int64_t Work::*per_time = nullptr;             // for a rate: which part of the work is divided by the time
    std::vector<Form> forms = {Form::cpu, Form::cuda};  // that have it: the device's own time is of the cuda form alone
    double scale = 1;  // what one of the column is in `unit`: columns hold integers (overlap_ppm, a ratio)
};

/// Another parameter that has one of these words.
struct Condition {
    std::string_view parameter;
    std::vector<std::string_view> words;
};

/// An integer in [low, high], or one of `words`; both where an axis has e.g. a number of threads or "all".
struct Parameter {
    std::string_view name;
    std::string_view unit = "";  // "B": sizes may also be written "64 MiB"
    std::int64_t low = 0;
    std::int64_t high = -1;  // high < low: no integers, words alone
    std::int64_t multiple_of = 1;
    bool power_of_two = false;  // then low and high are powers of two
    std::vector<std::string_view> words = {};
    Value fallback;                         // the default
    std::vector<Form> forms = {Form::cpu};  // an axis that a form does not have is dropped for it
    // Where it is not fulfilled the parameter has no meaning: it is reduced to its default, so that two cases that would do
    // the same are one (stores of a dot product, which stores nothing).
    std::optional<Condition> only_where = std::nullopt;
    // The largest at --scale small, also in place of a word; sizes in bytes: 1 MiB where none is given.
    std::optional<std::int64_t> small = std::nullopt;
    // Small values that are a multiple of nothing: what the contract tests of all workloads run at. Of several parameters the
    // first values are run together, then the second ones, the shorter list again from its begin.
    std::vector<std::int64_t> tested = {};
    std::string_view meaning;  // one line for the manual
};

/// What a value may be compared with. `physical`: more than 2 % above is invalid. `measured`: percent only, measured in the
/// same trial. `none`: launches, control path, emulation, footprints under 4 x the last-level cache.
enum class LimitKind { none, measured, physical };
[[nodiscard]] std::string_view to_string(LimitKind kind);
[[nodiscard]] Result<LimitKind> parse_limit_kind(std::string_view text);

/// What the values of a form are compared with, and how it is found.
struct FormLimit {
    Form form;
    LimitKind kind;
    std::string_view formula = "";
};

/// The straight line that a time is held against over one parameter, all else being equal: analyze() fits it.
enum class LineModel {
    alpha_beta,  // t = alpha + x / beta: what it costs at all, and a rate (bytes of a copy)
    a_plus_b,    // t = a + b x: what it costs at all, and what each one adds (nodes of a graph)
};
struct LineFit {
    LineModel model;
    std::string_view parameter;  // x, an integer
    std::string_view metric;     // t, a time
};

struct Workload {
    std::string_view name;
    int version;  // grows when the work or its meaning changes; values of two versions are never compared
    std::string_view title;
    std::vector<Form> forms;
    std::vector<Parameter> parameters;
    std::vector<Metric> metrics;               // the first is the one that tables show
    std::vector<std::string_view> parts = {};  // metrics that `wall` falls into, in the order of time; none for most
    std::vector<FormLimit> limits;             // one for each form
    std::string_view measures;                 // manual: what it measures, a paragraph
    std::string_view check;                    // manual: how its results are checked, and the bound
    std::string_view cpu_form;                 // manual: the CPU form and its library
    std::string_view sensitivity;              // manual: expected to react to DDA and GPU-PV (a hypothesis)
    std::string_view sources;                  // manual
    bool seeded = true;                        // its inputs come from the seed; not where there are none
    std::optional<LineFit> line = std::nullopt;
    bool has_speed_up = true;  // both forms do the same work, so that their times are held against each other
    Work (*work)(const Parameters& parameters);  // of one operation; a pure function of complete, valid parameters
};

/// All workloads, in the order of `help workloads`.
[[nodiscard]] std::span<const Workload> workloads();
/// nullptr where there is none of this name.
[[nodiscard]] const Workload* find_workload(std::string_view name);
[[nodiscard]] const Metric* find_metric(const Workload& workload, std::string_view name);
[[nodiscard]] const Parameter* find_parameter(const Workload& workload, std::string_view name);
[[nodiscard]] bool has_form(const Workload& workload, Form form);

/// The value as this parameter holds it: sizes such as "64 MiB" become integers, an integer that is one of the words ("8" among
/// "0.5", "8") becomes that word, anything else is checked against type and range. Error `usage` with what is allowed and the nearest known word.
[[nodiscard]] Result<Value> check_value(const Parameter& parameter, const Value& given);

/// "4 KiB to 4 GiB in multiples of 8", "1 to 1024 or all", "copy, scale or dot".
[[nodiscard]] std::string allowed_values(const Parameter& parameter);

/// The parameters that `form` has: given ones checked (check_value), the others at their default, ones without a meaning
/// (Parameter::only_where) reduced to it. Error `usage` naming the parameter, what is allowed, and the nearest known word.
[[nodiscard]] Result<Parameters> complete_parameters(const Workload& workload, Form form, const Parameters& given);

/// The known word nearest to `word` (edit distance at most a third of its length, at least 1), or nothing.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string_view> known);

}  // namespace passbench

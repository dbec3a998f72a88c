// The lines of a run on a terminal: how a time grows with a parameter, and how far the times lie from the line.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "harness/report/case_groups.hpp"
#include "harness/report/quantity.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_parts.hpp"
#include "harness/report/text.hpp"

namespace passbench {
namespace {

using Labels = std::map<std::string, std::string>;

std::string label_of(const Labels& labels, const std::string& cases) {
    const auto known = labels.find(cases);
    return known == labels.end() ? printable(cases) : known->second;
}

/// "4 B .. 1 GiB, 11 places; furthest off: 38 % above at 64 KiB"
std::string fit_text(const Fit& fit) {
    return fmt::format("{}, {} places; furthest off: {}", range_text(fit), fit.points, furthest_text(fit));
}

bool is_of_load(const Fit& fit) { return fit.parameter.starts_with("load."); }

/// A table of one model, a row a number; below each line how far it goes and how well it fits.
std::string model_table(const std::vector<const Fit*>& fits, const Labels& labels, const Plan& plan, double confidence,
                        Colour colour) {
    Table table({{"cases"},
                 {"arm", Align::left, 10},
                 {"", Align::left, 6},
                 {"value", Align::right, 12},
                 {fmt::format("{:.0f} % interval", confidence * 100), Align::left, 22},
                 {"n", Align::right, 4}});
    for (const Fit* fit : fits) {
        const std::string arm = plan.arms.size() > 1 ? printable(fit->arm) : "";
        std::string label = label_of(labels, fit->cases);
        if (fit->numbers.empty()) {
            table.add({{label}, {arm}, {}, {"-"}, {}, {}});
            table.add_note("no line: " + printable(fit->why));
            continue;
        }
        for (const FitNumber& number : fit->numbers) {
            const QuantityText quantity = quantity_text(*fit, number);
            table.add({{label},
                       {arm},
                       {printable(number.name)},
                       {quantity.value, Tone::strong},
                       {quantity.interval},
                       {std::to_string(fit->blocks)}});
            if (!number.value) table.add_note(printable(number.name + ": " + number.why));
            label.clear();
        }
        table.add_note(fit_text(*fit));
    }
    return table.text(colour);
}

std::string changes_table(const std::vector<const Fit*>& fits, const Labels& labels, double confidence, Colour colour) {
    Table table({{"cases"},
                 {"arm", Align::left, 12},
                 {"", Align::left, 6},
                 {"worse by", Align::right, 10},
                 {fmt::format("{:.0f} % interval", confidence * 100), Align::left, 18},
                 {"n", Align::right, 4}});
    for (const Fit* fit : fits) {
        const std::string label = label_of(labels, fit->cases);
        if (fit->numbers.empty()) {
            table.add({{label}, {printable(fit->arm)}, {}, {"-"}, {}, {}});
            table.add_note(printable(fit->why));
        }
        for (const FitNumber& number : fit->numbers) {
            const QuantityText quantity = quantity_text(*fit, number);
            table.add({{label},
                       {printable(fit->arm)},
                       {printable(number.name)},
                       {quantity.value},
                       {quantity.interval},
                       {std::to_string(fit->blocks)}});
            if (!number.value) table.add_note(printable(number.why));
        }
    }
    return table.text(colour);
}

}  // namespace

std::string lines_section(const Plan& plan, const Stats& stats, Colour colour) {
    std::vector<std::string> models;  // in the order of the run
    std::map<std::string, std::vector<const Fit*>> of_model;
    std::vector<const Fit*> changes;
    std::size_t shown = 0;
    for (const Fit& fit : stats.fits) {
        if (++shown > max_terminal_rows / 3) break;  // up to three rows a line
        if (fit.reference) {
            changes.push_back(&fit);
            continue;
        }
        const std::string model = printable(fit.metric + " = " + fit.model);
        std::vector<const Fit*>& fits = of_model[model];
        if (fits.empty()) models.push_back(model);
        fits.push_back(&fit);
    }
    const auto has_line = [](const Fit* fit) { return !fit->numbers.empty(); };
    const Labels labels = line_labels(plan);
    std::string text;
    for (const std::string& model : models) {
        const auto& fits = of_model[model];
        if (!std::any_of(fits.begin(), fits.end(), has_line)) {
            // Of a parameter nobody asked for one; of a load it is what the scenario is for.
            if (is_of_load(*fits.front())) {
                text += "\n" + heading("line: " + model, colour) + "  none: " + printable(fits.front()->why) + "\n";
            }
            continue;
        }
        text += "\n" + heading("line: " + model, colour) + model_table(fits, labels, plan, stats.confidence, colour);
    }
    if (std::any_of(changes.begin(), changes.end(), has_line)) {
        text += "\n" +
                heading(fmt::format("lines against {} (positive = worse)", printable(plan.arms.front())), colour) +
                changes_table(changes, labels, stats.confidence, colour);
    }
    return text;
}

}  // namespace passbench

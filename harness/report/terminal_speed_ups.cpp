// The speed-ups of a run on a terminal: what a device is worth beside the best that the CPU of the same arm does.
#include <fmt/core.h>

#include "harness/report/case_groups.hpp"
#include "harness/report/quantity.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_parts.hpp"
#include "harness/report/text.hpp"

namespace passbench {

std::string speed_ups_section(const Plan& plan, const Stats& stats, Colour colour) {
    const CaseLabels labels(plan);
    Table table({{"case"},
                 {"arm", Align::left, 10},
                 {"speed-up", Align::right, 9},
                 {fmt::format("{:.0f} % interval", stats.confidence * 100), Align::left, 17},
                 {"n", Align::right, 4},
                 {"with transfers", Align::right, 14},
                 {"", Align::left, 17}});
    std::size_t shown = 0;
    for (const SpeedUp& speed_up : stats.speed_ups) {
        if (++shown > max_terminal_rows) break;
        const std::string arm = plan.arms.size() > 1 ? printable(speed_up.arm) : "";
        const FactorText alone = factor_text(speed_up, "alone");
        const FactorText with_transfers = factor_text(speed_up, "with_transfers");
        table.add({{labels.of(speed_up.case_name)},
                   {arm},
                   {alone.value, Tone::strong},
                   {alone.interval},
                   {std::to_string(speed_up.blocks)},
                   {with_transfers.value},
                   {with_transfers.interval}});
        if (!speed_up.why.empty()) {
            table.add_note(printable(speed_up.why));
        } else {
            table.add_note(fmt::format("against {}, the best of {}", labels.of(speed_up.cpu_case),
                                       counted(static_cast<std::size_t>(speed_up.cpu_cases), "cpu case")));
        }
    }
    if (table.empty()) return "";
    return "\n" + heading("speed-up: the device against the best cpu case of the same work and arm", colour) +
           table.text(colour);
}

}  // namespace passbench

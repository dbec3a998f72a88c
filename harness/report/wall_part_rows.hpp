// Where the wall time of a case goes, as rows of text for the terminal and report.md. Internal to this room.
#pragma once

#include <string>
#include <vector>

#include "harness/records/plan.hpp"
#include "harness/records/stats.hpp"
#include "harness/report/case_groups.hpp"
#include "harness/report/report.hpp"

namespace passbench {

struct WallPartRow {
    std::string part;
    std::string value;     // "2.001 us"; "< 96 ns" under 3 ticks of its clock
    std::string interval;  // "[1.990 .. 2.013]"
    std::string share;     // "23 %"
    std::string clocks;    // "+- 540 ns"; "" where one clock was read
};

/// A row for each part, the remainder, and the whole that they add up to. Empty where there are no parts.
[[nodiscard]] std::vector<WallPartRow> wall_part_rows(const WallParts& parts);

/// The terminal's table of one workload; "" where none of its cases has parts.
[[nodiscard]] std::string wall_parts_section(const Reported& reported, const CaseGroup& group, Colour colour);

}  // namespace passbench

// A value and its interval in one unit and with the same digits, so that the three can be compared by eye. Internal to this
// room.
#pragma once

#include <string>

#include "harness/records/stats.hpp"

namespace passbench {

struct QuantityText {
    std::string value;     // "41.02 GB/s"; "-" where there is none
    std::string interval;  // "[40.11 .. 41.80]" in the unit of the value; "" where there is none
};

/// Four significant digits of the value decide how many decimals all three have; a ratio and a relative change are in
/// percent.
[[nodiscard]] QuantityText quantity_text(const Estimate& estimate);

/// The same of a number of a line.
[[nodiscard]] QuantityText quantity_text(const Fit& fit, const FitNumber& number);
/// Where the times lie furthest from the line: "38 % above at 64 KiB"; "" where there is no line.
[[nodiscard]] std::string furthest_text(const Fit& fit);
/// "4 B .. 1 GiB"; "" where nothing was measured.
[[nodiscard]] std::string range_text(const Fit& fit);

/// The smallest change that a comparison could have shown: "2.2 %"; past a doubling the number says nothing more: "> 100 %".
[[nodiscard]] std::string detectable_text(double mde);

/// "98 % measured", "101 % physical"; "" where there is no limit.
[[nodiscard]] std::string limit_text(const Estimate& estimate);

}  // namespace passbench

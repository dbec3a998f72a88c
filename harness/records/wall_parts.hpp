// The parts of stats.json: where the wall time of a case goes (Workload::parts of the catalogue), as the stamps of its twins say.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace passbench {

/// Per operation, in the unit of the whole.
struct WallPart {
    std::string name;                  // enqueue
    std::optional<double> value = {};  // absent where it is under 3 ticks of its clock
    std::optional<double> lo = {};
    std::optional<double> hi = {};
    double confidence = 0;              // exact coverage of the interval; 0 where there is none
    std::optional<double> share = {};   // of the whole, a fraction
    std::optional<double> under = {};   // 3 ticks, where it is less than that
    std::optional<double> clocks = {};  // error bound of comparing two clocks, where the part lies between them
};

/// The parts that have a value and the remainder add up to the whole exactly. The whole is the wall time of the timed iterations,
/// the parts are of stamped twins; so the remainder holds what stamping costs, what is under 3 ticks, and that medians do not add up.
struct WallParts {
    std::string case_name;
    std::string arm;
    std::string metric = "wall";
    std::string unit = "ns";
    int blocks = 0;
    bool simulated = false;
    std::optional<double> whole = {};
    std::vector<WallPart> parts = {};  // in the order of time
    std::optional<double> remainder = {};
    std::string why = {};  // why there are no parts
};

}  // namespace passbench

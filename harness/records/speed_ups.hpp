// The speed-ups of stats.json: how many times as fast a cuda case is as the best cpu case that does the same work, in one arm. Not
// overheads, which compare one form across arms.
#pragma once

#include <string>
#include <vector>

#include "harness/records/fits.hpp"

namespace passbench {

struct SpeedUp {
    std::string case_name;  // of the cuda form
    std::string arm;
    std::string cpu_case;  // the fastest one; empty with `why`
    int cpu_cases = 0;     // that do the same work and have values
    int blocks = 0;        // with values of both
    std::vector<FitNumber>
        numbers;      // alone: inputs and results stay on the device; with_transfers: they are brought there and back
    std::string why;  // why there are no numbers
};

}  // namespace passbench

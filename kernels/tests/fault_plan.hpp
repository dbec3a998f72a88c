// Faults of the stand-in for the life of an object: a file that PASSBENCH_FAULT names. The stand-in reads it at the next cuInit, so a
// Gpu that was opened before keeps what it had.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include "harness/core/tests/temp_folder.hpp"

namespace passbench {

class FaultPlan {
public:
    explicit FaultPlan(const std::string& text) {
        const auto file = folder_.path() / "fault";
        std::ofstream(file) << text;
        setenv("PASSBENCH_FAULT", file.c_str(), 1);
    }
    FaultPlan(const FaultPlan&) = delete;
    FaultPlan& operator=(const FaultPlan&) = delete;
    ~FaultPlan() { unsetenv("PASSBENCH_FAULT"); }

private:
    TempFolder folder_;
};

}  // namespace passbench

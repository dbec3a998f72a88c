// Whether a PCI function may be assigned to a virtual machine: the checks of Microsoft's SurveyDDA.ps1 in its order, with its
// verdicts and lines (facts 2.7), from a survey instead of from the host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/records/facts.hpp"

namespace passbench {

enum class DdaVerdict { assignable, not_assignable, unknown };
/// "assignable", "not assignable", "unknown"
[[nodiscard]] std::string_view to_string(DdaVerdict verdict);

/// Disabled on the host, by state or by problem code.
[[nodiscard]] bool is_disabled(const Facts& device);

struct DeviceSurvey {
    DdaVerdict verdict = DdaVerdict::unknown;
    std::vector<std::string> lines;  // as the script prints them; never empty
};

/// Of a resource gpu/LOCATION or function/LOCATION. `unknown` where the device is disabled or taken from the host, and where the
/// survey lacks what a check needs; the last line then says which.
[[nodiscard]] DeviceSurvey survey_dda(const Facts& device, std::string_view location);

/// What the script says of the host itself, after the devices: nothing where the host can assign them.
[[nodiscard]] std::vector<std::string> survey_host(const Facts& host);

}  // namespace passbench

// What `doctor` says of a Windows host: which of its GPUs can be had by which method, why not, and what to do.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/survey/choose.hpp"
#include "host/survey/methods.hpp"
#include "host/survey/survey_dda.hpp"

namespace passbench {

/// All that the survey of a Windows host comes to.
struct Passthrough {
    std::string windows;  // "Microsoft Windows Server 2019 Datacenter, build 17763.5329"
    std::string origin;   // of a host that nobody surveyed: what it is made from; "" otherwise
    MethodTable table;
    Result<Choice> auto_becomes;
    Result<Choice> native_becomes;
    std::vector<DeviceSurvey> dda;         // one a row of the table
    std::vector<std::string> dda_of_host;  // what SurveyDDA.ps1 says of the host itself
};

/// Of the survey of a Windows host.
[[nodiscard]] Passthrough passthrough_of(const HostFacts& facts, std::chrono::year_month_day today);

/// The table, then each reason once with the methods that it holds for.
[[nodiscard]] std::string text_of(const Passthrough& passthrough);

}  // namespace passbench

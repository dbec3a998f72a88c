#include "host/providers/method_check.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "harness/core/this_process.hpp"
#include "host/survey/consent.hpp"
#include "host/survey/resource_names.hpp"

namespace passbench {

Result<void> check_method(const HostFacts& facts, const std::string& card, Method method, const Consent& given,
                          std::chrono::year_month_day today) {
    const MethodTable table = method_table(facts, today);
    const auto row = std::find_if(table.begin(), table.end(),
                                  [&](const GpuRow& each) { return each.location == location_of(card); });
    if (row == table.end()) {
        return fail({.code = ErrorCode::precondition,
                     .what = "the survey is of no Windows host, or has no such card",
                     .where = card,
                     .fix = "Run it on a Windows host; see `passbench doctor`."});
    }
    const MethodCell& cell = row->cell(method);
    if (cell.word != Possibility::impossible) return check_consent(consents_needed(cell, {}), given);
    Error error{.code = ErrorCode::precondition,
                .what = fmt::format("{} cannot be had by {} on this host:", row->name, to_string(method)),
                .where = card};
    for (const MethodReason& reason : cell.reasons) {
        if (reason.word != Possibility::impossible) continue;
        error.what += fmt::format(" {} ({}, facts {})", reason.what, reason.rule, reason.facts);
        if (error.fix.empty()) error.fix = reason.fix;
    }
    return fail(std::move(error));
}

std::string method_warnings(const HostFacts& facts, const std::string& card, Method method,
                            std::chrono::year_month_day today) {
    std::string warnings;
    for (const GpuRow& row : method_table(facts, today)) {
        if (row.location != location_of(card)) continue;
        for (const MethodReason& reason : row.cell(method).reasons) {
            if (reason.word != Possibility::warning) continue;
            warnings.append(warnings.empty() ? "" : " ").append(reason.what);
        }
    }
    return warnings;
}

std::string this_user() { return user_name(); }

std::chrono::year_month_day this_day() {
    return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
}

}  // namespace passbench

// Whether a host can pass a card through by a method, and whether this lab agrees to what that takes: asked before any step is made.
#pragma once

#include <chrono>
#include <string>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "harness/scenario/lab.hpp"
#include "host/survey/methods.hpp"

namespace passbench {

/// `card`: gpu/LOCATION of this host. Errors: `precondition` with every rule that is in the way and the first one's fix; `consent` with the
/// lines for lab.toml.
[[nodiscard]] Result<void> check_method(const HostFacts& facts, const std::string& card, Method method,
                                        const Consent& given, std::chrono::year_month_day today);

/// What to know about a method that can be used all the same, a sentence each (a card without mitigation driver); "" where there is nothing.
[[nodiscard]] std::string method_warnings(const HostFacts& facts, const std::string& card, Method method,
                                          std::chrono::year_month_day today);

/// The name of the user that this process runs as.
[[nodiscard]] std::string this_user();

/// The day that it is, in UTC.
[[nodiscard]] std::chrono::year_month_day this_day();

}  // namespace passbench

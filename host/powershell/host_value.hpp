// What functions answer, as values: what Get-PassBenchHost does, as facts. Keys that are known have the type of host/survey/host_keys.hpp; others are kept as they
// are, for a newer module may know more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"

namespace passbench {

/// {"resources": {RESOURCE: {PROPERTY: scalar}}}. Error `bad_record` (host.interpreter_garbled) with the place and what was expected
/// there: a known key of another type, a value that is no scalar, or more of anything than a host has.
[[nodiscard]] Result<HostFacts> host_facts_from_value(std::string_view value);

/// {"jobs": ["..."]}. Error as above.
[[nodiscard]] Result<std::vector<std::string>> jobs_from_value(std::string_view value);

/// {"addresses": ["..."], ...}, what Get-PassBenchGuest answers. Error as above.
[[nodiscard]] Result<std::vector<std::string>> addresses_from_value(std::string_view value);

}  // namespace passbench

// A planned case as JSON: the same in plan.json and in request.json. Internal to this room.
#pragma once

#include "harness/records/json_codec.hpp"
#include "harness/records/plan.hpp"

namespace passbench {

[[nodiscard]] std::string_view to_string(StopRule rule);

}  // namespace passbench

namespace passbench::codec {

[[nodiscard]] Json encode(const PlannedCase& planned);
[[nodiscard]] PlannedCase decode_planned_case(const Place& place);

}  // namespace passbench::codec

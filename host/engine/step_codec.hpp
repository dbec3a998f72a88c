// A step as JSON, for steps.json and for the journal. Internal to this room, for its .cpp files.
#pragma once

#include "harness/records/json_codec.hpp"
#include "host/engine/step.hpp"

namespace passbench {

[[nodiscard]] codec::Json encode(const Step& step);
/// Throws codec::BadDocument.
[[nodiscard]] Step decode_step(const codec::Place& place);

}  // namespace passbench

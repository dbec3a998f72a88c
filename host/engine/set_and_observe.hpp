// Looking at a host until it shows what is waited for. Internal to this room.
#pragma once

#include <string>

#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/engine_clock.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// The value of a property as text; "" where it is absent.
[[nodiscard]] std::string observed_value(const HostFacts& facts, const std::string& resource,
                                         const std::string& property);

/// A survey, tried again until observe_deadline_ns where it fails. Error: the last failure.
[[nodiscard]] Result<HostFacts> survey_patiently(Resources& resources, const EngineTimes& times);

/// Surveys until the host lists no job and two surveys settle_gap_ns apart agree. Error `timeout` naming what still moves.
[[nodiscard]] Result<HostFacts> survey_at_rest(Resources& resources, const EngineTimes& times);

/// Calls set() and surveys until `value` shows; that survey. Error: set()'s own, or `timeout` with what shows instead.
[[nodiscard]] Result<HostFacts> set_and_observe(Resources& resources, const EngineTimes& times, const Step& step,
                                                const std::string& value);

}  // namespace passbench

// A device that this run has seen at work and that a later trial does not find is lost, not absent: what was skipped for want of
// it has failed. The agent cannot tell, for a trial knows of no other and a job of none before it; the run can.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/records/environment.hpp"
#include "harness/records/events.hpp"

namespace passbench {

/// The device that the probe of a guest found at work; empty where it found none.
[[nodiscard]] std::string device_of(const Environment& guest);

/// The device that a trial of this arm ended on, as the last of them says; empty where none did.
[[nodiscard]] std::string device_of(const std::vector<Event>& events, std::string_view arm);

/// The events of a job of one arm, in their order, with trial_failed (device_lost, gpu.vanished) for each trial_skipped that found
/// no device after one was seen: `seen` before the job, empty where none was, or by an earlier trial of it.
[[nodiscard]] std::vector<Event> with_lost_device(std::vector<Event> events, std::string seen);

}  // namespace passbench

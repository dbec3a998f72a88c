// What stats.json and verdict.json share. Internal to this room.
#pragma once

#include <vector>

#include "harness/records/fits.hpp"
#include "harness/records/host_times.hpp"
#include "harness/records/json_codec.hpp"
#include "harness/records/speed_ups.hpp"
#include "harness/records/stats.hpp"
#include "harness/records/wall_parts.hpp"

namespace passbench::codec {

[[nodiscard]] Json encode(const std::vector<Flag>& flags);
[[nodiscard]] std::vector<Flag> decode_flags(const Place& place);

[[nodiscard]] Json encode(const FitNumber& number);
[[nodiscard]] FitNumber decode_fit_number(const Place& place);

[[nodiscard]] Json encode(const SpeedUp& speed_up);
[[nodiscard]] SpeedUp decode_speed_up(const Place& place);

[[nodiscard]] Json encode(const Fit& fit);
[[nodiscard]] Fit decode_fit(const Place& place);

[[nodiscard]] Json encode(const WallParts& parts);
[[nodiscard]] WallParts decode_parts(const Place& place);

[[nodiscard]] Json encode(const HostTime& time);
[[nodiscard]] HostTime decode_host_time(const Place& place);

/// More entries than this are refused; far above what any plan gives.
inline constexpr std::size_t max_entries = 10'000'000;

}  // namespace passbench::codec

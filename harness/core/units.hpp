// Quantities as people write them in scenarios ("16 GiB", "0.5 s", "3 %") and as tables show them. Sizes are int64 bytes,
// durations int64 nanoseconds, percent a fraction (0.03).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/core/result.hpp"

namespace passbench {

/// "64", "4 KiB", "16 GiB", "1 MB" -> bytes (KiB = 1024, kB = 1000). Error `usage` naming the units that would do.
[[nodiscard]] Result<std::int64_t> parse_bytes(std::string_view text);
/// "100 ns", "5 us", "2 ms", "0.5 s", "3 min" -> nanoseconds. A unit is required. Error `usage`.
[[nodiscard]] Result<std::int64_t> parse_duration(std::string_view text);
/// "3 %" or "0.5 %" -> 0.03, 0.005. The sign % is required. Error `usage`.
[[nodiscard]] Result<double> parse_percent(std::string_view text);

/// "1230 MHz", "1.23 GHz" -> whole MHz. A unit is required. Error `usage`.
[[nodiscard]] Result<std::int64_t> parse_clock(std::string_view text);

/// 2^n KiB..TiB where it divides evenly or three significant digits: 4096 -> "4 KiB", 1500 -> "1.46 KiB".
[[nodiscard]] std::string format_bytes(std::int64_t bytes);
/// Three significant digits and the fitting unit: 1234567 ns -> "1.23 ms".
[[nodiscard]] std::string format_duration(double nanoseconds);
/// A value in a metric's unit with three significant digits and an SI prefix: (4.1e10, "B/s") -> "41.0 GB/s";
/// (1250.0, "ns") -> "1.25 us"; counts and ratios as they are.
[[nodiscard]] std::string format_value(double value, std::string_view unit);
/// 0.0312 -> "3.1 %"; +- sign only where the value is negative.
[[nodiscard]] std::string format_percent(double fraction);
/// "1 block", "2 blocks".
[[nodiscard]] std::string counted(std::size_t count, std::string_view noun);

}  // namespace passbench

// What NVML says of a card at one moment, field by field: what it does not know is absent, with its words (R13.4, R1.3). Reading takes
// a few milliseconds and wakes the driver, so it is for the time between timed regions alone.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "guest/telemetry/nvml.hpp"
#include "harness/records/facts.hpp"

namespace passbench {

/// The fields, under which a moment has them; as facts they are "gpu." and this.
namespace gpu_field {
inline constexpr std::string_view sm_clock = "sm_clock_mhz";
inline constexpr std::string_view sm_clock_max = "sm_clock_max_mhz";
inline constexpr std::string_view memory_clock = "memory_clock_mhz";
inline constexpr std::string_view temperature = "temperature_c";
inline constexpr std::string_view slowdown_temperature = "slowdown_temperature_c";
inline constexpr std::string_view power = "power_mw";
inline constexpr std::string_view power_limit = "power_limit_mw";
inline constexpr std::string_view throttle_reasons = "throttle_reasons";  // bits, nvmlClocksEventReason...
inline constexpr std::string_view link_generation = "pcie.generation";
inline constexpr std::string_view link_width = "pcie.width";
inline constexpr std::string_view link_generation_max = "pcie.generation_max";  // of card and slot together
inline constexpr std::string_view link_width_max = "pcie.width_max";
inline constexpr std::string_view ecc_corrected = "ecc.corrected";  // since the driver was loaded
inline constexpr std::string_view ecc_uncorrected = "ecc.uncorrected";
inline constexpr std::string_view pages_pending = "pages.retirement_pending";
inline constexpr std::string_view rows_remapped = "rows.remapped";  // for uncorrectable errors
inline constexpr std::string_view rows_pending = "rows.remap_pending";
inline constexpr std::string_view rows_failed = "rows.remap_failed";
inline constexpr std::string_view memory_used = "memory.used_bytes";
inline constexpr std::string_view memory_total = "memory.total_bytes";
inline constexpr std::string_view other_processes = "processes.other";  // that compute on it, without this one
inline constexpr std::string_view persistence = "persistence";
}  // namespace gpu_field

struct GpuMoment {
    std::map<std::string_view, std::int64_t> values;
    std::map<std::string_view, std::string> absent;  // field to NVML's words: "Not Supported"
    bool lost = false;                               // NVML says that the card is gone

    /// Nothing where the field is absent.
    [[nodiscard]] std::optional<std::int64_t> value(std::string_view field) const;
};

[[nodiscard]] GpuMoment read_gpu_moment(const Nvml& nvml, nvmlDevice_t device);

/// For telemetry.jsonl: every value, and the absent fields by their reason, "gpu.absent" = "power_mw: Not Supported; ...".
[[nodiscard]] Facts facts_of(const GpuMoment& moment);

/// The reasons among `bits` that mean the card was held back, in words ("hardware slowdown, hot"); empty where none is. The power cap
/// of the board is the ordinary state of a card at work and none of them (R13.4).
[[nodiscard]] std::string held_back_by(std::int64_t bits);

}  // namespace passbench

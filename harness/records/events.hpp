// events.jsonl and telemetry.jsonl: what happened and what was seen, one line each, append only. Values are facts; the keys
// that later stages rely on are named here.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.hpp"
#include "harness/records/facts.hpp"
#include "harness/records/part_facts.hpp"

namespace passbench {

/// Kinds in use: run_begun, run_resumed, look_begun, block_begun, host_prepared, job_ended, host_given_back, block_ended,
/// block_interrupted, trial_begun, trial_ended, trial_failed, trial_skipped, run_interrupted, run_ended; and `telemetry`. A block
/// counts in the highest attempt for which there is a block_ended.
struct Event {
    std::string kind;
    std::string at;         // UTC, RFC 3339
    std::string case_name;  // "" where the event is about none; likewise arm, and -1 for the numbers
    std::string arm;
    int block = -1;
    int trial = -1;
    int attempt = -1;
    Facts facts;
};

/// One line with its newline.
[[nodiscard]] std::string to_json_line(const Event& event);
/// Error `bad_record`; `where` is left to the caller, who knows file and line.
[[nodiscard]] Result<Event> event_from_json(std::string_view line);

/// Facts of trial_ended, beside those of part_facts.hpp. Values are per trial.
namespace trial_fact {
inline constexpr std::string_view threads = "threads";              // int: threads that did the work
inline constexpr std::string_view isa = "isa";                      // text: sse2, avx2, avx512 ...
inline constexpr std::string_view device = "device";                // text: "Tesla T4, sm_75, 40 SMs", absent for a CPU
inline constexpr std::string_view verified = "verified";            // bool: outputs compared (R1.2)
inline constexpr std::string_view check = "check";                  // text: what was compared and the bound
inline constexpr std::string_view limit_value = "limit.value";      // double, in the unit of the first rate, or absent
inline constexpr std::string_view limit_metric = "limit.metric";    // text: the metric that the limit bounds
inline constexpr std::string_view limit_kind = "limit.kind";        // text: none, measured, physical
inline constexpr std::string_view limit_formula = "limit.formula";  // text: "2.45 GHz x 32 FLOP x 2 threads"
inline constexpr std::string_view warmup_ns = "warmup_ns";          // int: spent warming up
inline constexpr std::string_view steady = "steady";                // bool: R3.2 met before the cap
inline constexpr std::string_view stopped_by = "stopped_by";        // text: count, precision, samples, time
inline constexpr std::string_view timer_resolution_ns = "timer.resolution_ns";
inline constexpr std::string_view timer_cost_ns = "timer.cost_ns";
inline constexpr std::string_view timer_ok = "timer.ok";              // bool: median >= 100 x resolution (R2.4)
inline constexpr std::string_view steal_fraction = "steal.fraction";  // double: of the trial's CPU time (R13.6)
inline constexpr std::string_view hiccup_p999_ns = "hiccup.p999_ns";  // int (R13.6), absent where not measured
inline constexpr std::string_view invariant = "invariant";            // text: the breach of R1.3 that makes it invalid
inline constexpr std::string_view reason = "reason";                  // text: why failed or skipped
inline constexpr std::string_view code = "code";                      // text: error code of a failure
inline constexpr std::string_view finding = "finding";  // text: the catalogued cause of a failure, or absent
inline constexpr std::string_view nvml = "nvml";        // text: of a cuda trial: its driver's version, "none: " and why
inline constexpr std::string_view held_back =
    "gpu.held_back";  // text: by what the card was slowed down (R13.4), or absent
inline constexpr std::string_view stale_telemetry = "gpu.stale";  // bool: NVML did not follow the card, or absent
inline constexpr std::string_view slow_link = "gpu.slow_link";    // text: copies far below the PCIe link, or absent
inline constexpr std::string_view injected = "injected";          // text: a planted slowdown ("host 4 %"), or absent
}  // namespace trial_fact

}  // namespace passbench

// The names of the files of a run directory, in the order in which they come to be. The output folder of an agent has files of
// the same names, and who hands a job over needs that of its request; nobody else needs them.
#pragma once

#include <array>
#include <string_view>

namespace passbench::file_name {

inline constexpr std::string_view scenario = "scenario.toml";
inline constexpr std::string_view plan = "plan.json";
inline constexpr std::string_view host = "host.json";
inline constexpr std::string_view environment = "environment.json";
inline constexpr std::string_view steps = "steps.json";
inline constexpr std::string_view journal = "journal.jsonl";
inline constexpr std::string_view events = "events.jsonl";
inline constexpr std::string_view samples_index = "samples.jsonl";
inline constexpr std::string_view samples = "samples.bin";
inline constexpr std::string_view telemetry = "telemetry.jsonl";
inline constexpr std::string_view status = "status.json";
inline constexpr std::string_view stats = "stats.json";
inline constexpr std::string_view verdict = "verdict.json";
inline constexpr std::string_view report = "report";
inline constexpr std::string_view log = "log.txt";
inline constexpr std::string_view manifest = "MANIFEST.sha256";
inline constexpr std::string_view request = "request.json";  // what an agent is given; no file of a run

/// What the manifest covers: all that was measured. The rest is derived and may be made again.
inline constexpr std::array measured = {scenario, plan,          host,    environment, steps, journal,
                                        events,   samples_index, samples, telemetry,   status};

}  // namespace passbench::file_name

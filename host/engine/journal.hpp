// journals/RUN.jsonl: what was about to be done to the host and what came of it, written so that the host can be put back
// from this file alone. It stores states, not undo actions. One file a run, one lease after another; a line a fact:
//   begin   which provider, and the survey before anything was touched
//   intent  a step that is about to be carried out, synced before it is
//   note    what was observed of that step: done, restoring, restored, left, quarantined, kept
//   end     the lease is over
// A torn last line is what a crash leaves, and is not counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/durable_files.hpp"
#include "harness/core/result.hpp"
#include "harness/records/environment.hpp"
#include "host/engine/step.hpp"

namespace passbench {

/// How far a step is. `intended` and `restoring` are mid-change: the value may be anything, and it is ours.
enum class StepPhase { intended, done, restoring, restored, left, quarantined, kept };
[[nodiscard]] std::string_view to_string(StepPhase phase);

struct JournalStep {
    Step step;
    StepPhase phase = StepPhase::intended;
    bool was_done = false;  // `wanted` was observed once; a set that never showed may still show late
};

struct JournalLease {
    std::size_t number = 0;  // in its file, from 0
    std::string provider;    // whose set() restores
    std::string begun;       // UTC
    HostFacts snapshot;
    std::vector<JournalStep> steps;
    bool ended = false;

    /// True where steps were begun and nobody has made sure of all of them since.
    [[nodiscard]] bool is_open() const { return !ended && !steps.empty(); }
};

struct JournalContent {
    std::vector<JournalLease> leases;
    std::vector<Error> damage;     // lines that are none of ours, each with file:line; the others still count
    std::int64_t whole_bytes = 0;  // up to the end of the last whole line
};

/// Error `bad_record` for a version that is not known here; damaged lines are told in the content.
[[nodiscard]] Result<JournalContent> parse_journal(std::string_view text, const std::string& name);
[[nodiscard]] Result<JournalContent> read_journal(const std::filesystem::path& path);

/// What steps without a way back made of the host, "resource property = value" each; the last value where one has several.
[[nodiscard]] std::vector<std::string> kept_changes(const JournalContent& journal);

/// True where the last line says that a lease is over; all before it are then over too. Reads that line alone, for journals
/// stay and a run has a lease for each block and arm.
[[nodiscard]] bool is_finished(const std::filesystem::path& path);

[[nodiscard]] std::filesystem::path journal_folder(const std::filesystem::path& state_folder);
/// The journal of a run so far, for its run directory; "" where it has none.
[[nodiscard]] Result<std::string> journal_text(const std::filesystem::path& state_folder, const std::string& run);
/// All journals of a state folder, by name.
[[nodiscard]] Result<std::vector<std::filesystem::path>> journals(const std::filesystem::path& state_folder);

/// The writing side. A line that could not be written whole is cut off again, so that the next one stands by itself.
class Journal {
public:
    /// Opens journals/RUN.jsonl, made when absent; cuts a torn last line off. Error `usage` for a run name that is no file name.
    [[nodiscard]] static Result<Journal> open(const std::filesystem::path& state_folder, const std::string& run);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    /// The number of the next lease in this file.
    [[nodiscard]] std::size_t lease_count() const { return lease_count_; }

    /// Synced. Returns the lease's number.
    [[nodiscard]] Result<std::size_t> begin(const std::string& provider, const HostFacts& snapshot);
    /// Synced: when this has returned, and not before, the step may be carried out.
    [[nodiscard]] Result<void> intent(std::size_t lease, std::size_t index, const Step& step);
    /// Synced where `phase` is `restoring`, which is an intent too.
    [[nodiscard]] Result<void> note(std::size_t lease, std::size_t index, StepPhase phase, const std::string& observed);
    /// Synced.
    [[nodiscard]] Result<void> end(std::size_t lease);

private:
    Journal(std::filesystem::path path, AppendFile file, std::size_t lease_count);
    Result<void> append_line(const std::string& line);

    std::filesystem::path path_;
    AppendFile file_;
    std::size_t lease_count_;
    bool ends_torn_ = false;  // half a line is there that could not be cut off
};

}  // namespace passbench

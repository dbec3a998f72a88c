// What an agent handed back is read as the work of a stranger: only what it was asked for, whole, and fitting its checksums.
#include <array>
#include <map>
#include <system_error>
#include <utility>

#include "harness/core/checksum.hpp"
#include "harness/records/file_names.hpp"
#include "harness/records/file_reader.hpp"
#include "harness/records/lines.hpp"
#include "harness/records/run_directory.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t max_job_lines_bytes = std::int64_t{256} << 20;  // of each file of lines of one job

Error wrong(std::string what) {
    return {.code = ErrorCode::bad_record,
            .what = std::move(what),
            .fix =
                "Nothing of this job is counted. Check that the agent is of the same build as passbench, then resume "
                "the run."};
}

std::string name_of(const std::string& case_name, int trial) { return case_name + ", trial " + std::to_string(trial); }

/// Follows the lines of a job and holds them against its request.
class JobCheck {
public:
    explicit JobCheck(const JobRequest& request) : request_(request) {
        for (const TrialRequest& trial : request.trials) trials_.try_emplace({trial.what.name, trial.trial});
    }

    Result<void> take(const Chunk& chunk) {
        PASSBENCH_CHECK(check_place(chunk.arm, chunk.block, chunk.attempt));
        PASSBENCH_TRY(Trial* const trial, find(chunk.case_name, chunk.trial));
        if (chunk.at < end_of_chunks_) return fail(wrong("the chunk lies over the one before it"));
        end_of_chunks_ = chunk.at + size_bytes(chunk);
        std::int64_t& next = trial->next_iteration[static_cast<std::size_t>(chunk.phase)];
        if (chunk.first != next) {
            return fail(wrong("the chunk begins at iteration " + std::to_string(chunk.first) + " of its phase where " +
                              std::to_string(next) + " is the next (" + name_of(chunk.case_name, chunk.trial) + ")"));
        }
        next += chunk.n;
        const bool is_too_many =
            chunk.phase == Phase::measure && request_.stop == StopRule::fixed && next > request_.iterations;
        if (is_too_many) {
            return fail(wrong("there are more measured iterations than the " + std::to_string(request_.iterations) +
                              " that were asked for (" + name_of(chunk.case_name, chunk.trial) + ")"));
        }
        return {};
    }

    Result<void> take(const Event& event) {
        PASSBENCH_CHECK(check_place(event.arm, event.block, event.attempt));
        if (event.kind == "job_ended") return {};
        const bool is_outcome =
            event.kind == "trial_ended" || event.kind == "trial_failed" || event.kind == "trial_skipped";
        // block_ended above all: what counts is for the controller to say.
        if (!is_outcome && event.kind != "trial_begun")
            return fail(wrong("an agent has no say in events of the kind '" + event.kind + "'"));
        PASSBENCH_TRY(Trial* const trial, find(event.case_name, event.trial));
        bool& seen = is_outcome ? trial->has_outcome : trial->has_begun;
        if (seen) return fail(wrong("the trial has this event twice (" + name_of(event.case_name, event.trial) + ")"));
        seen = true;
        const bool is_measured = trial->next_iteration[static_cast<std::size_t>(Phase::measure)] > 0;
        if (event.kind == "trial_ended" && !is_measured) {
            return fail(wrong("the trial ended, but there are no samples of it (" +
                              name_of(event.case_name, event.trial) + ")"));
        }
        return {};
    }

    Result<void> take_telemetry(const Event& event) {
        if (event.kind != "telemetry")
            return fail(wrong("expected telemetry, not an event of the kind '" + event.kind + "'"));
        PASSBENCH_CHECK(check_place(event.arm, event.block, event.attempt));
        if (event.case_name.empty()) return {};
        PASSBENCH_CHECK(find(event.case_name, event.trial));
        return {};
    }

private:
    struct Trial {
        std::array<std::int64_t, 3> next_iteration = {};  // by Phase
        bool has_begun = false;
        bool has_outcome = false;
    };

    Result<void> check_place(const std::string& arm, int block, int attempt) const {
        if (arm == request_.arm && block == request_.block && attempt == request_.attempt) return {};
        return fail(wrong("this is of arm " + arm + ", block " + std::to_string(block) + ", attempt " +
                          std::to_string(attempt) + "; the job was arm " + request_.arm + ", block " +
                          std::to_string(request_.block) + ", attempt " + std::to_string(request_.attempt)));
    }

    Result<Trial*> find(const std::string& case_name, int trial) {
        const auto found = trials_.find({case_name, trial});
        if (found != trials_.end()) return &found->second;
        return fail(wrong("the job was not asked for this trial (" + name_of(case_name, trial) + ")"));
    }

    const JobRequest& request_;
    std::map<std::pair<std::string, int>, Trial> trials_;
    std::int64_t end_of_chunks_ = 0;
};

Error at_line(Error error, const fs::path& file, std::size_t line) {
    error.where = file.string() + ":" + std::to_string(line);
    return error;
}

Error torn(const fs::path& file) {
    Error error = wrong("the last line is cut short: the agent ended while it wrote it");
    error.where = file.string();
    return error;
}

Result<void> check_checksum(const FileReader& bin, const Chunk& chunk) {
    std::uint32_t crc = 0;
    PASSBENCH_CHECK(bin.read_pieces(chunk.at, size_bytes(chunk), [&](std::span<const std::byte> piece) -> Result<void> {
        crc = crc32c(piece, crc);
        return {};
    }));
    if (crc != chunk.crc32c) return fail(wrong("the samples do not fit their checksum"));
    return {};
}

Result<std::vector<Chunk>> read_chunks(const fs::path& folder, JobCheck& check) {
    const fs::path index = folder / file_name::samples_index;
    std::error_code absent;
    if (const std::uintmax_t size = fs::file_size(index, absent);
        !absent && std::cmp_greater(size, max_job_lines_bytes)) {
        return fail(at_line(wrong("the file is longer than 256 MiB"), index, 1));
    }
    PASSBENCH_TRY(SampleReader samples, SampleReader::open(folder));
    if (samples.torn()) return fail(torn(index));
    if (samples.chunks().empty()) return std::vector<Chunk>{};
    PASSBENCH_TRY(const FileReader bin, FileReader::open(folder / file_name::samples));
    std::size_t line = 0;
    for (const Chunk& chunk : samples.chunks()) {
        ++line;
        auto checked = check.take(chunk);
        if (checked) checked = check_checksum(bin, chunk);
        if (!checked) return fail(at_line(std::move(checked).error(), index, line));
    }
    return samples.chunks();
}

template <typename Check>
Result<std::vector<Event>> read_events(const fs::path& path, Check&& check) {
    std::vector<Event> events;
    PASSBENCH_TRY(const LinesRead read,
                  read_lines(path, max_job_lines_bytes, [&](std::string_view line) -> Result<void> {
                      PASSBENCH_TRY(Event event, event_from_json(line));
                      PASSBENCH_CHECK(check(event));
                      events.push_back(std::move(event));
                      return {};
                  }));
    if (read.torn) return fail(torn(path));
    return events;
}

}  // namespace

Result<JobOutput> read_job_output(const fs::path& folder, const JobRequest& request) {
    std::error_code absent;
    if (!fs::is_regular_file(folder / file_name::events, absent)) {
        Error error = wrong("the agent left no events.jsonl: it ended before it wrote its records");
        error.where = folder.string();
        return fail(std::move(error));
    }
    JobCheck check(request);
    JobOutput output;
    output.folder = folder;
    PASSBENCH_TRY(output.chunks, read_chunks(folder, check));
    PASSBENCH_TRY(output.events,
                  read_events(folder / file_name::events, [&](const Event& event) { return check.take(event); }));
    PASSBENCH_TRY(output.telemetry, read_events(folder / file_name::telemetry,
                                                [&](const Event& event) { return check.take_telemetry(event); }));
    return output;
}

}  // namespace passbench

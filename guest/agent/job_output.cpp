#include "guest/agent/job_output.hpp"

#include <array>
#include <span>
#include <string_view>
#include <system_error>

#include "harness/core/system_file.hpp"
#include "harness/records/file_names.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view trial_name = "trial.json";

Error cannot_write(const fs::path& path, int error_number) {
    return {.code = ErrorCode::io,
            .what = "cannot write " + path.filename().string() + ": " + std::generic_category().message(error_number),
            .where = path.string(),
            .fix = "Free space on that disk, or give an output folder that can be written to."};
}

/// 0 or the errno.
int write_file(const fs::path& path, std::string_view content) {
    SystemFile file;
    const int failed = file.open(path, FileUse::rewrite);
    return failed != 0 ? failed : file.write(std::as_bytes(std::span(content))).error_number;
}

/// As replace_file, without the syncs: they would cost each trial several times what it takes itself.
Result<void> replace_unsynced(const fs::path& path, std::string_view content) {
    const fs::path fresh = path.string() + ".new";
    int failed = write_file(fresh, content);
    if (failed == 0) failed = rename_entry(fresh, path);
    if (failed == 0) return {};
    static_cast<void>(remove_entry(fresh));
    return fail(cannot_write(path, failed));
}

/// Makes an empty file where there is none; AppendFile would sync the folder for it.
Result<void> ensure_file(const fs::path& path) {
    SystemFile file;
    const int failed = file.open(path, FileUse::append_or_create);
    if (failed != 0) return fail(cannot_write(path, failed));
    return {};
}

Result<std::uintmax_t> size_of(const fs::path& path) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(path, error);
    if (error) return fail(cannot_write(path, error.value()));
    return bytes;
}

Result<void> cut(const fs::path& path, std::uintmax_t bytes) {
    std::error_code error;
    if (fs::file_size(path, error) == bytes && !error) return {};
    fs::resize_file(path, bytes, error);
    if (error) return fail(cannot_write(path, error.value()));
    return {};
}

}  // namespace

JobOutputFolder::JobOutputFolder(fs::path folder, AppendFile events, AppendFile telemetry)
    : folder_(std::move(folder)), events_(std::move(events)), telemetry_(std::move(telemetry)) {}

Result<JobOutputFolder> JobOutputFolder::open(const fs::path& folder) {
    PASSBENCH_CHECK(make_folder(folder));
    for (const std::string_view name :
         {file_name::samples, file_name::samples_index, file_name::events, file_name::telemetry}) {
        PASSBENCH_CHECK(ensure_file(folder / name));
    }
    PASSBENCH_TRY(AppendFile events, AppendFile::open(folder / file_name::events));
    PASSBENCH_TRY(AppendFile telemetry, AppendFile::open(folder / file_name::telemetry));
    return JobOutputFolder(folder, std::move(events), std::move(telemetry));
}

Result<void> JobOutputFolder::append(const Event& event) { return events_.append(to_json_line(event)); }

Result<void> JobOutputFolder::append_telemetry(const Event& line) { return telemetry_.append(to_json_line(line)); }

Result<void> JobOutputFolder::write_status(const JobProgress& progress) {
    return replace_unsynced(folder_ / file_name::status, to_json(progress));
}

Result<fs::path> JobOutputFolder::write_trial_request(const JobRequest& job, const TrialRequest& trial) {
    JobRequest alone = {.arm = job.arm,
                        .block = job.block,
                        .attempt = job.attempt,
                        .iterations = job.iterations,
                        .stop = job.stop,
                        .warmup_ns = job.warmup_ns,
                        .warmup_cap_ns = job.warmup_cap_ns,
                        .trial_timeout_ns = job.trial_timeout_ns,
                        .cpus = job.cpus,
                        .simulate = job.simulate,
                        .trials = {trial}};
    const fs::path path = folder_ / trial_name;
    PASSBENCH_CHECK(replace_unsynced(path, to_json(alone)));
    return path;
}

void JobOutputFolder::remove_trial_request() const {
    std::error_code ignored;  // a file left over harms nobody
    fs::remove(folder_ / trial_name, ignored);
}

Result<SamplesMark> JobOutputFolder::mark() const {
    PASSBENCH_TRY(const std::uintmax_t bin, size_of(folder_ / file_name::samples));
    PASSBENCH_TRY(const std::uintmax_t index, size_of(folder_ / file_name::samples_index));
    return SamplesMark{.bin_bytes = bin, .index_bytes = index};
}

Result<void> JobOutputFolder::cut_back(const SamplesMark& mark) const {
    PASSBENCH_CHECK(cut(folder_ / file_name::samples_index, mark.index_bytes));
    return cut(folder_ / file_name::samples, mark.bin_bytes);
}

}  // namespace passbench

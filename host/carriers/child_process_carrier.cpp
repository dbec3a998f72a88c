#include "host/carriers/child_process_carrier.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include "harness/core/this_process.hpp"
#include "host/carriers/carried_file.hpp"
#include "host/carriers/child_process.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

Error file_error(const std::string& action, const fs::path& path, const std::error_code& error, std::string fix) {
    return {.code = ErrorCode::io,
            .what = "cannot " + action + ": " + error.message(),
            .where = path.string(),
            .fix = std::move(fix)};
}

/// The time that carried copies bear. A job that writes to one in spite of its permissions (as root) changes it, and shows
/// that the copy is spoilt.
fs::file_time_type untouched_time() {
    const std::chrono::sys_seconds day = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
    return std::chrono::file_clock::from_sys(day);
}

constexpr const char* room_fix = "Check that the folder may be written to and that its disk has room.";

/// `to` becomes a second name of `from`, or a copy where there can be none; what was there before goes.
Result<void> link_or_copy(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (error) return fail(file_error("make a folder", to.parent_path(), error, room_fix));
    fs::remove(to, error);
    if (error) return fail(file_error("replace a file", to, error, room_fix));
    fs::create_hard_link(from, to, error);
    if (!error) return {};
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (error) return fail(file_error("copy a file", to, error, room_fix));
    return {};
}

}  // namespace

ChildProcessCarrier::ChildProcessCarrier(fs::path scratch_parent)
    : parent_(scratch_parent.empty() ? temporary_folder() : std::move(scratch_parent)) {}

Result<fs::path> ChildProcessCarrier::scratch() {
    if (!scratch_) {
        PASSBENCH_TRY(ScratchFolder made, ScratchFolder::make(parent_));
        scratch_.emplace(std::move(made));
    }
    return scratch_->path();
}

Result<std::string> ChildProcessCarrier::make_job_folder(const std::string& name) {
    if (name.empty() || name.starts_with('.') || name.find('/') != std::string::npos) {
        return fail({.code = ErrorCode::usage,
                     .what = "a job cannot be named '" + name + "'",
                     .where = "child process",
                     .fix = "Use a name without slashes that does not begin with a dot."});
    }
    PASSBENCH_TRY(const fs::path root, scratch());
    const fs::path folder = root / "jobs" / name;
    std::error_code error;
    fs::remove_all(folder, error);
    if (!error) fs::create_directories(folder, error);
    if (error) return fail(file_error("make the job's folder", folder, error, room_fix));
    return folder.string();
}

/// The read-only copy of a file's content in the scratch folder.
Result<fs::path> ChildProcessCarrier::carried(const fs::path& file) {
    PASSBENCH_TRY(const fs::path root, scratch());
    PASSBENCH_TRY(const CarriedFile seen, look_at(file));
    const std::string key = seen.key();
    std::error_code error;
    const fs::path copy = root / "files" / key;
    if (carried_.contains(key) && fs::last_write_time(copy, error) == untouched_time() && !error) return copy;

    fs::create_directories(copy.parent_path(), error);
    fs::remove(copy, error);
    fs::copy_file(file, copy, error);
    const fs::perms readable = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
    const fs::perms runnable = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    if (!error) fs::permissions(copy, seen.is_program ? readable | runnable : readable, error);
    if (!error) fs::last_write_time(copy, untouched_time(), error);
    if (error) return fail(file_error("bring " + file.filename().string() + " to the job", copy, error, room_fix));
    carried_.insert(key);
    return copy;
}

Result<void> ChildProcessCarrier::put(const fs::path& file, const std::string& guest_path) {
    PASSBENCH_TRY(const fs::path copy, carried(file));
    return link_or_copy(copy, guest_path);
}

Result<ExecResult> ChildProcessCarrier::exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                             const ExecWatch& watch) {
    return run_child({.argv = argv, .deadline_ns = deadline_ns, .watch = watch});
}

Result<void> ChildProcessCarrier::get(const std::string& guest_folder, const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(file_error("make a folder", folder, error, room_fix));
    fs::recursive_directory_iterator entry(guest_folder, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->symlink_status(error).type() != fs::file_type::regular) continue;
        PASSBENCH_CHECK(link_or_copy(entry->path(), folder / entry->path().lexically_relative(guest_folder)));
    }
    if (error) {
        return fail(file_error("fetch what the job wrote", guest_folder, error,
                               "The job ended without its output folder; its output says why."));
    }
    return {};
}

}  // namespace passbench

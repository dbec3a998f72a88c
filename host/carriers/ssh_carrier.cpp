#include "host/carriers/ssh_carrier.hpp"

#include <random>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/core/checksum.hpp"
#include "harness/core/findings.hpp"
#include "harness/core/units.hpp"
#include "host/carriers/carried_file.hpp"
#include "host/carriers/file_stream.hpp"
#include "host/carriers/guest_scripts.hpp"
#include "host/carriers/ssh_trouble.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
namespace script = guest_script;

/// Smaller ones are sent each time: asking whether they are there takes as long, and requests are never the same twice.
constexpr std::int64_t kept_from_bytes = 256 << 10;
constexpr std::int64_t second_ns = 1'000'000'000;
/// Beside the guest's own deadline: connecting, and what the guest needs to end what it runs.
constexpr std::int64_t allowance_ns = 30 * second_ns;
constexpr int own_255 = 255;

std::int64_t sending_deadline_ns(std::int64_t bytes) {
    constexpr std::int64_t slowest_bytes_a_second = 256 << 10;
    return 2 * allowance_ns + bytes / slowest_bytes_a_second * second_ns;
}

std::string random_name() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Error not_started(const std::string& program, const std::string& why, std::string fix) {
    return {.code = ErrorCode::agent_lost,
            .what = "cannot start " + name_of(program) + ": " + why,
            .where = program,
            .fix = std::move(fix)};
}

Result<void> check_argv(const std::vector<std::string>& argv) {
    if (!argv.empty() && argv.front().find('/') != std::string::npos && argv.front().front() != '-') return {};
    return fail({.code = ErrorCode::usage,
                 .what = "a command for the guest needs the path of a program",
                 .where = argv.empty() ? "" : argv.front(),
                 .fix = "Give a path with a slash; nothing is searched for in the guest."});
}

}  // namespace

SshCarrier::SshCarrier(std::shared_ptr<SshConnection> connection) : connection_(std::move(connection)) {}

SshCarrier::~SshCarrier() {
    if (folder_.empty() || connection_->is_lost()) return;
    [[maybe_unused]] const auto unheard =
        connection_->call({.script = script::remove, .arguments = {folder_}, .deadline_ns = allowance_ns});
}

Result<std::string> SshCarrier::own_folder() {
    if (!folder_.empty()) return folder_;
    PASSBENCH_TRY(const GuestStore store, connection_->store());
    const std::string folder = store.folder + "/jobs/" + random_name();
    PASSBENCH_TRY(const ExecResult made, connection_->call({.script = script::make_empty, .arguments = {folder}}));
    if (made.exit_code != 0) return fail(not_written_in_guest(connection_->settings(), folder, made.output));
    folder_ = folder;
    return folder_;
}

Result<std::string> SshCarrier::make_job_folder(const std::string& name) {
    if (name.empty() || name.starts_with('.') || name.find('/') != std::string::npos) {
        return fail({.code = ErrorCode::usage,
                     .what = "a job cannot be named '" + name + "'",
                     .where = "ssh " + to_string(connection_->settings()),
                     .fix = "Use a name without slashes that does not begin with a dot."});
    }
    PASSBENCH_TRY(const std::string own, own_folder());
    const std::string folder = own + "/work/" + name;
    PASSBENCH_TRY(const ExecResult made, connection_->call({.script = script::make_empty, .arguments = {folder}}));
    if (made.exit_code != 0) return fail(not_written_in_guest(connection_->settings(), folder, made.output));
    return folder;
}

Result<void> SshCarrier::send(const fs::path& file, const std::string& guest_path, const std::string& mode,
                              const std::string& hash) {
    std::error_code error;
    const auto bytes = static_cast<std::int64_t>(fs::file_size(file, error));
    PASSBENCH_TRY(const ExecResult ended,
                  connection_->call({.script = script::take_file,
                                     .arguments = {guest_path, mode, hash, std::to_string(bytes)},
                                     .deadline_ns = sending_deadline_ns(bytes),
                                     .called = "bringing " + file.filename().string() + " to the guest",
                                     .input = ChildInput::file,
                                     .input_file = file}));
    switch (ended.exit_code) {
        case 0:
            return {};
        case script::not_written:
            return fail(not_written_in_guest(connection_->settings(), file.filename().string(), ended.output));
        case script::other_content: {
            Error changed = catalogued_error(ErrorCode::verify_failed,
                                             file.filename().string() + " did not arrive in the guest as it was sent",
                                             "ssh.other_content");
            changed.where = guest_path;
            return fail(std::move(changed));
        }
        default:
            return fail(no_commands(connection_->settings(), ended));
    }
}

/// The path in the guest of this content, brought there where it is not yet.
Result<std::string> SshCarrier::stored(const fs::path& file) {
    PASSBENCH_TRY(const CarriedFile seen, look_at(file));
    PASSBENCH_TRY(const GuestStore store, connection_->store());
    std::string path = store.folder + "/files/" + seen.key();
    if (stored_.contains(path)) return path;
    PASSBENCH_TRY(const ExecResult there,
                  connection_->call({.script = script::has_file, .arguments = {path, std::to_string(seen.bytes)}}));
    if (there.exit_code != 0) PASSBENCH_CHECK(send(file, path, seen.is_program ? "500" : "400", seen.hash));
    stored_.insert(path);
    return path;
}

Result<void> SshCarrier::put(const fs::path& file, const std::string& guest_path) {
    PASSBENCH_TRY(const CarriedFile seen, look_at(file));
    const std::string mode = seen.is_program ? "555" : "444";
    if (!seen.is_program && seen.bytes < kept_from_bytes) return send(file, guest_path, mode, seen.hash);
    PASSBENCH_TRY(const std::string kept, stored(file));
    PASSBENCH_TRY(const ExecResult placed,
                  connection_->call({.script = script::place_file, .arguments = {kept, guest_path, mode}}));
    if (placed.exit_code == 0) return {};
    return fail(not_written_in_guest(connection_->settings(), guest_path, placed.output));
}

Result<std::string> SshCarrier::put_bundle(const std::vector<BundleFile>& files) {
    std::string list;
    for (const BundleFile& each : files) {
        PASSBENCH_TRY(const CarriedFile seen, look_at(each.file));
        list += seen.key() + " " + each.name + "\n";
    }
    PASSBENCH_TRY(const GuestStore store, connection_->store());
    const std::string bundle = store.folder + "/bundles/" + sha256_hex(list);
    PASSBENCH_TRY(const ExecResult there, connection_->call({.script = script::has_folder, .arguments = {bundle}}));
    if (there.exit_code == 0) return bundle;
    std::vector<std::string> arguments = {bundle};
    for (const BundleFile& each : files) {
        PASSBENCH_TRY(std::string kept, stored(each.file));
        arguments.insert(arguments.end(), {std::move(kept), each.name});
    }
    PASSBENCH_TRY(const ExecResult made, connection_->call({.script = script::make_bundle,
                                                            .arguments = std::move(arguments),
                                                            .called = "putting the bundle together"}));
    if (made.exit_code == 0) return bundle;
    return fail(not_written_in_guest(connection_->settings(), bundle, made.output));
}

Result<ExecResult> SshCarrier::exec(const std::vector<std::string>& argv, std::int64_t deadline_ns,
                                    const ExecWatch& watch) {
    PASSBENCH_CHECK(check_argv(argv));
    PASSBENCH_TRY(const std::string own, own_folder());
    const std::string status = own + "/exit-" + std::to_string(++commands_);
    std::vector<std::string> arguments = {
        status, deadline_ns > 0 ? fmt::format("{:.3f}", static_cast<double>(deadline_ns) / second_ns) : ""};
    arguments.insert(arguments.end(), argv.begin(), argv.end());
    auto ended = connection_->call({.script = script::run,
                                    .arguments = std::move(arguments),
                                    .deadline_ns = deadline_ns > 0 ? deadline_ns + allowance_ns : 0,
                                    .watch = watch,
                                    .called = name_of(argv.front()),
                                    .input = ChildInput::held_open},
                                   SshConnection::Code255::of_script);
    if (!ended) {
        Error error = std::move(ended).error();
        const bool was_running = error.code == ErrorCode::interrupted || error.code == ErrorCode::timeout;
        if (was_running && ask(status) == script::ask_not_over) {
            error.what += "; the guest does not say that it has ended there";
        }
        return fail(std::move(error));
    }
    if (ended->exit_code != own_255) return ended;
    return explain(*ended, status, argv, deadline_ns);
}

/// What became of a command, as the guest says it; ask_not_over where it cannot be asked.
int SshCarrier::ask(const std::string& status) {
    constexpr const char* tenths = "50";
    const auto answer = connection_->call({.script = script::ask,
                                           .arguments = {status, tenths},
                                           .deadline_ns = allowance_ns,
                                           .called = "asking the guest"});
    return answer ? answer->exit_code : script::ask_not_over;
}

/// 255 is the client's when it gives up, and the guest's where the command could not be started or did not end by itself.
Result<ExecResult> SshCarrier::explain(const ExecResult& ended, const std::string& status,
                                       const std::vector<std::string>& argv, std::int64_t deadline_ns) {
    const std::string& program = argv.front();
    Error of_client = connection_->client_error(ended);
    switch (ask(status)) {
        case script::ask_was_255:
            return ended;
        case script::ask_absent:
            return fail(not_started(program, "there is no such file in the guest",
                                    "Give its path in the guest, or leave it to passbench to bring it."));
        case script::ask_folder:
            return fail(not_started(program, "it is a folder in the guest", "Give the path of the program in it."));
        case script::ask_not_executable:
            return fail(not_started(program, "it is not executable in the guest",
                                    "Check its permissions there, and that its file system is not mounted noexec."));
        case script::ask_other_machine:
            return fail(not_started(program, "it is built for another processor than the guest has",
                                    "Use a passbench-agent that is built for the guest."));
        case script::ask_no_program:
            return fail(not_started(program, "it is no program (neither an ELF file nor a script with #!)",
                                    "Give the path of passbench-agent."));
        case script::ask_timeout: {
            const std::string words = last_words(ended.output);
            return fail({.code = ErrorCode::timeout,
                         .what = name_of(program) + " was ended: it took longer than " +
                                 format_duration(static_cast<double>(deadline_ns)) +
                                 (words.empty() ? "" : "; its last line was: " + words),
                         .where = program,
                         .fix = "Allow more time, or find out what it waits for."});
        }
        default:
            return fail(std::move(of_client));
    }
}

Result<void> SshCarrier::get(const std::string& guest_folder, const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot make a folder: " + error.message(),
                     .where = folder.string(),
                     .fix = "Check that the folder may be written to and that its disk has room."});
    }
    PASSBENCH_TRY(const fs::path stream, connection_->scratch_file("stream"));
    const StreamMarks marks = StreamMarks::make();
    const StreamLimits limits;
    std::vector<std::string> arguments = {guest_folder};
    const auto halves = marks.halves();
    arguments.insert(arguments.end(), halves.begin(), halves.end());
    arguments.emplace_back(script::send_files);
    constexpr std::int64_t names_bytes = 64 << 20;
    PASSBENCH_TRY(const ExecResult ended, connection_->call({.script = script::send_folder,
                                                             .arguments = std::move(arguments),
                                                             .deadline_ns = sending_deadline_ns(limits.most_bytes),
                                                             .called = "the guest",
                                                             .output_file = stream,
                                                             .most_output_bytes = limits.most_bytes + names_bytes}));
    if (ended.exit_code == script::not_there || ended.exit_code == script::not_read) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot fetch what the job wrote" +
                             (last_words(ended.output).empty() ? "" : ": " + last_words(ended.output)),
                     .where = guest_folder,
                     .fix = "The job ended without its output folder; its output says why."});
    }
    if (ended.exit_code != 0) return fail(no_commands(connection_->settings(), ended));
    auto files = unpack_stream(stream, marks, folder, limits);
    fs::remove(stream, error);
    if (!files) return fail_in(std::move(files).error(), "fetching " + guest_folder);
    return {};
}

}  // namespace passbench

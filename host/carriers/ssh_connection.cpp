#include "host/carriers/ssh_connection.hpp"

#include <cstdlib>
#include <system_error>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/core/findings.hpp"
#include "harness/core/this_process.hpp"
#include "host/carriers/file_stream.hpp"
#include "host/carriers/guest_scripts.hpp"
#include "host/carriers/shell_words.hpp"
#include "host/carriers/ssh_trouble.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

// Linux takes 128 KiB in one argument, and the login shell gets the command as one.
constexpr std::size_t longest_command = 120'000;
constexpr std::int64_t most_log_bytes = 1 << 20;
constexpr int own_failure = 255;  // of the client

/// Short names: a socket's path has room for 108 characters, and the client adds 17.
constexpr const char* socket_name = "c";
constexpr const char* identity_name = "k";
constexpr const char* known_hosts_name = "h";
constexpr const char* log_name = "log";
constexpr std::size_t longest_socket_path = 85;

fs::path scratch_parent() {
    std::error_code error;
    const fs::path chosen = fs::temp_directory_path(error);
    constexpr std::size_t name_length = 20;  // "/passbench-XXXXXX/c"
    return error || chosen.string().size() + name_length > longest_socket_path ? fs::path("/tmp") : chosen;
}

/// The words of the proxy command as the client's shell takes them; '%' is no token of the client's.
std::string proxy_line(const std::vector<std::string>& words) {
    std::string line;
    for (const char character : shell_command(words)) {
        line += character == '%' ? "%%" : std::string(1, character);
    }
    return line;
}

/// A short name of a file whose own name may hold what the client's configuration takes for something else.
Result<void> link_to(const std::string& file, const fs::path& link, const std::string& key) {
    std::error_code error;
    const fs::path absolute = fs::absolute(file, error);
    if (!fs::is_regular_file(absolute, error)) {
        return fail({.code = ErrorCode::precondition,
                     .what = "there is no file '" + file + "'",
                     .where = "provider ssh, " + key,
                     .fix = "Correct the path of " + key +
                            " in the lab file; it is taken from the folder that passbench "
                            "is started in."});
    }
    fs::remove(link, error);
    fs::create_symlink(absolute, link, error);
    if (!error) return {};
    return fail({.code = ErrorCode::io,
                 .what = "cannot make a link: " + error.message(),
                 .where = link.string(),
                 .fix = "Set TMPDIR to a folder that you may write to."});
}

}  // namespace

SshConnection::SshConnection(SshSettings settings) : settings_(std::move(settings)) {}

SshConnection::~SshConnection() {
    std::error_code error;
    if (!scratch_ || !fs::exists(scratch_->path() / socket_name, error)) return;
    constexpr std::int64_t deadline_ns = 5'000'000'000;
    auto words = client_words();
    words.insert(words.end(), {"-O", "exit", "--", settings_.address});
    [[maybe_unused]] const auto unheard = run_child({.argv = std::move(words), .deadline_ns = deadline_ns});
}

Result<void> SshConnection::prepare() {
    if (scratch_) return {};
    PASSBENCH_CHECK(check(settings_));
    client_ = program_on_path("ssh").string();
    if (client_.empty()) {
        return fail(catalogued_error(ErrorCode::precondition, "this machine has no OpenSSH client (ssh) on its PATH",
                                     "ssh.no_client"));
    }
    PASSBENCH_TRY(ScratchFolder made, ScratchFolder::make(scratch_parent()));
    if (!settings_.identity.empty()) {
        PASSBENCH_CHECK(link_to(settings_.identity, made.path() / identity_name, "identity"));
    }
    if (!settings_.known_hosts.empty()) {
        PASSBENCH_CHECK(link_to(settings_.known_hosts, made.path() / known_hosts_name, "known_hosts"));
    }
    scratch_.emplace(std::move(made));
    return {};
}

/// The client and its options, but for whom to reach. What is said here goes before the configuration of this machine's user.
std::vector<std::string> SshConnection::client_words() const {
    const fs::path& own = scratch_->path();
    std::vector<std::string> words = {client_, "-T", "-E", (own / log_name).string()};
    const auto add = [&](const std::string& option) { words.insert(words.end(), {"-o", option}); };
    for (const char* option :
         {"LogLevel=ERROR", "BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "ConnectTimeout=10",
          "ServerAliveInterval=10", "ServerAliveCountMax=3", "RequestTTY=no", "RemoteCommand=none",
          "ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no", "EscapeChar=none"}) {
        add(option);
    }
    if (settings_.connection_sharing) {
        add("ControlMaster=auto");
        add("ControlPath=" + (own / socket_name).string());
        add("ControlPersist=60");  // seconds: it ends by itself where this process was killed
    } else {
        add("ControlMaster=no");
        add("ControlPath=none");
    }
    if (!settings_.known_hosts.empty()) {
        add("UserKnownHostsFile=" + (own / known_hosts_name).string());
        add("GlobalKnownHostsFile=/dev/null");
    }
    if (!settings_.identity.empty()) {
        add("IdentityFile=" + (own / identity_name).string());
        add("IdentitiesOnly=yes");
    }
    if (!settings_.proxy_command.empty()) add("ProxyCommand=" + proxy_line(settings_.proxy_command));
    if (settings_.port != 0) add("Port=" + std::to_string(settings_.port));
    if (!settings_.user.empty()) words.insert(words.end(), {"-l", settings_.user});
    return words;
}

Result<ExecResult> SshConnection::call(const GuestCall& call, Code255 code) {
    PASSBENCH_CHECK(prepare());
    std::vector<std::string> script = {"exec", "/bin/sh", "-c", std::string(call.script), "sh"};
    script.insert(script.end(), call.arguments.begin(), call.arguments.end());
    const std::string command = shell_command(script);
    if (command.size() > longest_command || command.find('\0') != std::string::npos) {
        return fail({.code = ErrorCode::usage,
                     .what = "a command for the guest is too long or has a zero byte",
                     .where = "ssh " + to_string(settings_),
                     .fix = "Bring what is long as a file."});
    }
    auto words = client_words();
    words.insert(words.end(), {"--", settings_.address, command});
    std::error_code ignored;
    fs::remove(scratch_->path() / log_name, ignored);
    auto ended = run_child({.argv = std::move(words),
                            .deadline_ns = call.deadline_ns,
                            .watch = call.watch,
                            .called = call.called.empty() ? "a command in the guest" : call.called,
                            .input = call.input,
                            .input_file = call.input_file,
                            .output_file = call.output_file,
                            // The first client leaves the shared connection, and the proxy that it goes through.
                            .rest = settings_.connection_sharing ? ChildRest::kept : ChildRest::ended,
                            .most_output_bytes = call.most_output_bytes});
    if (!ended) {
        Error error = std::move(ended).error();
        if (error.where == client_) error.where = "ssh " + to_string(settings_);
        return fail(std::move(error));
    }
    is_lost_ = false;
    if (ended->exit_code == own_failure && code == Code255::of_client) {
        is_lost_ = true;
        return fail(client_error(*ended));
    }
    return ended;
}

Error SshConnection::client_error(const ExecResult& ended) const {
    const auto log = read_file(scratch_->path() / log_name, most_log_bytes);
    return ssh_trouble(settings_, log ? *log : "", ended.output);
}

Result<fs::path> SshConnection::scratch_file(const std::string& name) {
    PASSBENCH_CHECK(prepare());
    return scratch_->path() / name;
}

Result<GuestStore> SshConnection::store() {
    if (store_) return *store_;
    PASSBENCH_TRY(const fs::path stream, scratch_file("store-stream"));
    const StreamMarks marks = StreamMarks::make();
    std::vector<std::string> arguments = {settings_.store.starts_with("~/") ? settings_.store.substr(2)
                                                                            : settings_.store};
    const auto halves = marks.halves();
    arguments.insert(arguments.end(), halves.begin(), halves.end());
    constexpr std::int64_t most_bytes = 2 << 20;
    PASSBENCH_TRY(const ExecResult ended, call({.script = guest_script::open_store,
                                                .arguments = std::move(arguments),
                                                .called = "opening the store",
                                                .output_file = stream,
                                                .most_output_bytes = most_bytes}));
    if (ended.exit_code == guest_script::not_written) {
        return fail(not_written_in_guest(
            settings_, "its store, " + (settings_.store.empty() ? "~/.cache/passbench" : settings_.store),
            ended.output));
    }
    PASSBENCH_TRY(const fs::path own, scratch_file("answer"));
    const auto files = unpack_stream(stream, marks, own);
    const auto answer = files ? read_file(own / "store", most_bytes) : Result<std::string>(fail(files.error()));
    if (ended.exit_code != 0 || !answer) {
        return fail(no_commands(settings_, ended));
    }
    const std::size_t session = answer->rfind(' ');
    const std::size_t check = session == std::string::npos ? session : answer->rfind(' ', session - 1);
    if (check == std::string::npos || answer->front() != '/') return fail(no_commands(settings_, ended));
    if (answer->substr(session + 1) != "setsid") {
        return fail({.code = ErrorCode::precondition,
                     .what = "the guest has no setsid, by which a command is ended with all that it started",
                     .where = "ssh " + to_string(settings_),
                     .fix = "Install util-linux there."});
    }
    store_ = GuestStore{.folder = answer->substr(0, check), .check = answer->substr(check + 1, session - check - 1)};
    return *store_;
}

}  // namespace passbench

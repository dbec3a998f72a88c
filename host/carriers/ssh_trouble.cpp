#include "host/carriers/ssh_trouble.hpp"

#include <algorithm>
#include <array>

#include "harness/core/findings.hpp"

namespace passbench {
namespace {

/// A sign in the client's log, and what it is the sign of. The first that is found counts.
struct Sign {
    std::string_view text;
    std::string_view finding;
    ErrorCode code;
};

constexpr std::array<Sign, 17> signs = {{
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", "ssh.host_key_changed", ErrorCode::precondition},
    {"host key is known for", "ssh.unknown_host_key", ErrorCode::precondition},
    {"Host key verification failed", "ssh.unknown_host_key", ErrorCode::precondition},
    {"UNPROTECTED PRIVATE KEY FILE", "ssh.key_file", ErrorCode::precondition},
    {"Load key", "ssh.key_file", ErrorCode::precondition},
    {"Permission denied (", "ssh.refused_key", ErrorCode::precondition},
    {"Too many authentication failures", "ssh.refused_key", ErrorCode::precondition},
    {"Could not resolve hostname", "ssh.unreachable", ErrorCode::agent_lost},
    {"Connection refused", "ssh.unreachable", ErrorCode::agent_lost},
    {"No route to host", "ssh.unreachable", ErrorCode::agent_lost},
    {"Network is unreachable", "ssh.unreachable", ErrorCode::agent_lost},
    {"timed out", "ssh.unreachable", ErrorCode::agent_lost},
    {"kex_exchange_identification", "ssh.unreachable", ErrorCode::agent_lost},
    {"Connection closed by UNKNOWN", "ssh.unreachable", ErrorCode::agent_lost},
    {"banner exchange", "ssh.unreachable", ErrorCode::agent_lost},
    {"Bad configuration option", "ssh.old_client", ErrorCode::precondition},
    {"", "ssh.connection_lost", ErrorCode::agent_lost},
}};

}  // namespace

std::string last_words(std::string_view text) {
    constexpr std::size_t longest = 300;
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    std::string line(text.substr(text.find_last_of("\r\n") + 1).substr(0, longest));
    const auto is_control = [](char character) { return static_cast<unsigned char>(character) < 0x20; };
    std::replace_if(line.begin(), line.end(), is_control, ' ');
    return line;
}

Error ssh_trouble(const SshSettings& settings, std::string_view log, std::string_view output) {
    const auto sign = std::find_if(signs.begin(), signs.end(),
                                   [&](const Sign& each) { return log.find(each.text) != std::string_view::npos; });
    std::string words = last_words(log);
    if (words.empty()) words = last_words(output);
    if (words.empty()) words = "its client says nothing";
    Error error = catalogued_error(sign->code, "no way to " + to_string(settings) + " by ssh: " + words, sign->finding);
    error.where = "ssh " + to_string(settings);
    return error;
}

Error not_written_in_guest(const SshSettings& settings, const std::string& what, std::string_view output) {
    const std::string words = last_words(output);
    Error error =
        catalogued_error(ErrorCode::io, "cannot write " + what + " in the guest" + (words.empty() ? "" : ": " + words),
                         "ssh.not_written");
    error.where = "ssh " + to_string(settings);
    return error;
}

Error no_commands(const SshSettings& settings, const ExecResult& ended) {
    const std::string words = last_words(ended.output);
    Error error = catalogued_error(ErrorCode::precondition,
                                   "the login on " + to_string(settings) + " ended with exit code " +
                                       std::to_string(ended.exit_code) + " and did not do what it was told" +
                                       (words.empty() ? "" : ", saying: " + words),
                                   "ssh.no_commands");
    error.where = "ssh " + to_string(settings);
    return error;
}

}  // namespace passbench

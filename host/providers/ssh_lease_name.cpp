#include "host/providers/ssh_lease_name.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "harness/catalogue/case.hpp"
#include "harness/core/this_process.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view provider_name = "ssh";
constexpr std::string_view after_name = "://";

std::string as_absolute(const std::string& path) {
    const fs::path home = home_folder();
    if (path.starts_with("~/") && !home.empty()) return home.string() + path.substr(1);
    std::error_code unknown;
    return path.empty() ? path : fs::absolute(path, unknown).string();
}

/// The part before `mark`, which goes with it; all of it, and nothing is left, where there is no mark.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t found = text.find(mark);
    const std::string_view part = text.substr(0, found);
    text = found == std::string_view::npos ? std::string_view() : text.substr(found + 1);
    return part;
}

bool put(SshSettings& settings, std::string_view key, std::string value) {
    const std::array texts = {std::pair<std::string_view, std::string*>("identity", &settings.identity),
                              std::pair<std::string_view, std::string*>("known_hosts", &settings.known_hosts),
                              std::pair<std::string_view, std::string*>("store", &settings.store)};
    for (const auto& [name, field] : texts) {
        if (key != name) continue;
        *field = std::move(value);
        return true;
    }
    if (key == "proxy") {
        settings.proxy_command.push_back(std::move(value));
        return true;
    }
    settings.connection_sharing = false;
    return key == "sharing" && value == "no";
}

tl::unexpected<Error> no_machine(std::string_view name) {
    return fail({.code = ErrorCode::usage,
                 .what = std::string(name) + " does not say which machine it is",
                 .where = "provider ssh",
                 .fix = "Check the journal; it may be of another version of passbench."});
}

}  // namespace

std::string to_string(const SshLease& lease) {
    const SshSettings& ssh = lease.settings;
    std::string name(provider_name);
    name.append(lease_suffix(lease.cards)).append(after_name);
    if (!ssh.user.empty()) name.append(percent_encoded(ssh.user)).append("@");
    name += percent_encoded(ssh.address);
    if (ssh.port != 0) name.append(":").append(std::to_string(ssh.port));
    char before = '?';
    const auto add = [&](std::string_view key, const std::string& value) {
        name += before;
        name.append(key).append("=").append(percent_encoded(value));
        before = '&';
    };
    if (!ssh.identity.empty()) add("identity", as_absolute(ssh.identity));
    if (!ssh.known_hosts.empty()) add("known_hosts", as_absolute(ssh.known_hosts));
    if (!ssh.store.empty()) add("store", ssh.store);
    for (const std::string& word : ssh.proxy_command) add("proxy", word);
    if (!ssh.connection_sharing) add("sharing", "no");
    return name;
}

bool is_ssh_lease(std::string_view name) {
    for (const PreparedCards cards : all_prepared_cards) {
        if (name.starts_with(std::string(provider_name).append(lease_suffix(cards)).append(after_name))) return true;
    }
    return false;
}

Result<SshLease> parse_ssh_lease(std::string_view name) {
    const std::size_t start = name.find(after_name);
    if (!is_ssh_lease(name)) return no_machine(name);
    SshLease lease;
    for (const PreparedCards cards : all_prepared_cards) {
        if (name.substr(provider_name.size(), start - provider_name.size()) == lease_suffix(cards)) lease.cards = cards;
    }
    std::string_view options = name.substr(start + after_name.size());
    std::string_view machine = take_until(options, '?');
    if (machine.find('@') != std::string_view::npos) {
        lease.settings.user = percent_decoded(take_until(machine, '@')).value_or("");
        if (lease.settings.user.empty()) return no_machine(name);
    }
    if (machine.ends_with(':')) return no_machine(name);
    lease.settings.address = percent_decoded(take_until(machine, ':')).value_or("");
    if (!machine.empty()) {
        const char* const end = machine.data() + machine.size();
        const auto [rest, error] = std::from_chars(machine.data(), end, lease.settings.port);
        if (error != std::errc() || rest != end) return no_machine(name);
    }
    while (!options.empty()) {
        std::string_view option = take_until(options, '&');
        const std::string_view key = take_until(option, '=');
        auto value = percent_decoded(option);
        if (!value || !put(lease.settings, key, *std::move(value))) return no_machine(name);
    }
    PASSBENCH_CHECK(check(lease.settings));
    return lease;
}

}  // namespace passbench

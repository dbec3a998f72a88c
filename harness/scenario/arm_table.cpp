#include "harness/scenario/arm_table.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace passbench {

namespace {

constexpr std::array<std::string_view, 10> providers = {"local",          "ssh",       "hyperv_dda",  "hyperv_gpupv",
                                                        "native_windows", "eflow_dda", "eflow_gpupv", "wsl",
                                                        "native",         "auto"};
constexpr std::array<std::string_view, 2> local_keys = {"provider", "inject"};
constexpr std::array<std::string_view, 10> ssh_keys = {"provider",      "inject",   "address",     "user",
                                                       "port",          "identity", "known_hosts", "connection_sharing",
                                                       "proxy_command", "store"};
constexpr std::array<std::string_view, 13> hyperv_keys = {
    "provider", "inject", "vm",       "gpu",         "may_stop",           "address",
    "user",     "port",   "identity", "known_hosts", "connection_sharing", "proxy_command",
    "store"};
constexpr std::array<std::string_view, 3> native_windows_keys = {"provider", "inject", "gpu"};
constexpr std::array<std::string_view, 6> eflow_arm_keys = {"provider", "inject",    "gpu",
                                                            "may_stop", "container", "image"};
constexpr std::array<std::string_view, 5> wsl_keys = {"provider", "inject", "distribution", "gpu", "may_stop"};
constexpr std::array<std::string_view, 2> inject_keys = {"host", "device"};
constexpr Range<double> inject_range = {.low = 0.0001, .high = 10.0};
constexpr Range<std::int64_t> port_range = {.low = 1, .high = 65535};
constexpr std::size_t most_characters = 4096;
constexpr std::size_t most_words = 64;

using Why = std::string (*)(std::string_view);

/// "registry.example:5000/tools/ubuntu:22.04@sha256:..."
std::string why_no_image(std::string_view text) {
    const auto is_fit = [](char each) {
        return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
               std::string_view("._-/:@").find(each) != std::string_view::npos;
    };
    const bool fits = !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), is_fit);
    return fits ? "" : "is no name of a container image";
}

/// The text, where nothing speaks against it.
std::string checked_text(const Fields& fields, std::string_view key, Why why_not, Mistakes& mistakes) {
    auto text = fields.text(key, most_characters);
    if (!text) return "";
    const std::string why = why_not(*text);
    if (why.empty()) return *std::move(text);
    mistakes.add(fields.find(key)->node.place, fmt::format("{} {}", key, why),
                 "See scenarios/lab.example.toml for what may stand there.");
    return "";
}

/// `otherwise`: the address where none is given; "" where one has to be.
SshSettings read_ssh(const TomlEntry& entry, const Fields& fields, std::string_view otherwise, Mistakes& mistakes) {
    const bool has_address = fields.find("address") != nullptr;
    if (!has_address && otherwise.empty()) {
        mistakes.add(entry.place, fmt::format("arm {} has no address", entry.key),
                     "Add address = \"...\" with the name or the address of its machine.");
    }
    SshSettings ssh;
    ssh.address = has_address ? checked_text(fields, "address", why_no_address, mistakes) : std::string(otherwise);
    ssh.user = checked_text(fields, "user", why_no_user, mistakes);
    ssh.port = static_cast<int>(fields.integer("port", port_range).value_or(0));
    ssh.identity = checked_text(fields, "identity", why_no_line, mistakes);
    ssh.known_hosts = checked_text(fields, "known_hosts", why_no_line, mistakes);
    ssh.connection_sharing = fields.boolean("connection_sharing").value_or(true);
    ssh.proxy_command = read_command(fields, "proxy_command", mistakes);
    ssh.store = checked_text(fields, "store", why_no_line, mistakes);
    return ssh;
}

/// The image of the container that the agent is to run in; "" where it is to run in none.
std::string read_container(const Fields& fields, Mistakes& mistakes) {
    const bool is_asked = fields.boolean("container").value_or(false);
    const TomlEntry* image = fields.find("image");
    if (is_asked && image == nullptr) {
        mistakes.add(fields.find("container")->place, "a container needs an image",
                     "Add image = \"...\", one with glibc 2.25 or later that the machine has or can fetch.");
    }
    if (!is_asked && image != nullptr) {
        mistakes.add(image->place, "image is of a container, and none is asked for", "Add container = true.");
    }
    if (!is_asked || image == nullptr) return "";
    return checked_text(fields, "image", why_no_image, mistakes);
}

bool is_a_vm(std::string_view provider) { return provider == "auto" || provider.starts_with("hyperv_"); }

/// The keys that the table may have, by the provider that it names.
std::span<const std::string_view> keys_of(const TomlTable& table) {
    const TomlEntry* provider = find_entry(table, "provider");
    const auto* name = provider == nullptr ? nullptr : std::get_if<std::string>(&provider->node.value);
    if (name == nullptr) return local_keys;
    if (*name == "ssh") return ssh_keys;
    if (*name == "native_windows" || *name == "native") return native_windows_keys;
    if (*name == "wsl") return wsl_keys;
    if (name->starts_with("eflow_")) return eflow_arm_keys;
    return is_a_vm(*name) ? std::span<const std::string_view>(hyperv_keys) : local_keys;
}

}  // namespace

std::vector<std::string> read_command(const Fields& fields, std::string_view key, Mistakes& mistakes) {
    const TomlList* list = fields.list(key);
    if (list == nullptr) return {};
    std::vector<std::string> words;
    for (const TomlNode& node : *list) {
        const auto* word = std::get_if<std::string>(&node.value);
        const std::string why =
            word == nullptr ? fmt::format("holds {}, not a text", kind_of(node)) : why_no_line(*word);
        if (!why.empty()) {
            mistakes.add(node.place, fmt::format("{} {}", key, why),
                         fmt::format("Write it like {} = [\"/usr/bin/nc\", \"gateway\", \"22\"].", key));
            return {};
        }
        words.push_back(*word);
    }
    if (words.empty() || words.size() > most_words || words.front().empty()) {
        mistakes.add(fields.find(key)->node.place, fmt::format("{} names no program", key),
                     fmt::format("Write the program's path and its arguments, 1 to {} texts.", most_words));
        return {};
    }
    return words;
}

ArmBinding read_binding(const TomlEntry& entry, Mistakes& mistakes) {
    ArmBinding binding{.provider = "local"};
    const auto* table = std::get_if<TomlTable>(&entry.node.value);
    if (table == nullptr) {
        mistakes.add(entry.node.place, fmt::format("arm {} is {}, not a table", entry.key, kind_of(entry.node)),
                     fmt::format("Write [arm.{}] and below it provider = \"local\".", entry.key));
        return binding;
    }
    const Fields fields(*table, fmt::format("[arm.{}]", entry.key), keys_of(*table), mistakes);
    if (fields.find("provider") == nullptr) {
        mistakes.add(entry.place, fmt::format("arm {} has no provider", entry.key),
                     fmt::format("Add provider = \"...\" with one of: {}.", listed(providers)));
    }
    if (const auto provider = fields.word("provider", providers)) binding.provider = *provider;
    if (binding.provider == "ssh") binding.ssh = read_ssh(entry, fields, "", mistakes);
    if (is_a_vm(binding.provider)) binding.ssh = read_ssh(entry, fields, told_by_host, mistakes);
    if (fields.find("vm") != nullptr) binding.vm = checked_text(fields, "vm", why_no_line, mistakes);
    if (fields.find("distribution") != nullptr) {
        binding.vm = checked_text(fields, "distribution", why_no_line, mistakes);
    }
    if (fields.find("gpu") != nullptr) binding.gpu = checked_text(fields, "gpu", why_no_line, mistakes);
    if (fields.find("may_stop") != nullptr) binding.may_stop_vm = fields.boolean("may_stop").value_or(false);
    if (binding.provider.starts_with("eflow_")) binding.container_image = read_container(fields, mistakes);
    if (const TomlTable* inject = fields.table("inject")) {
        const Fields slowdowns(*inject, "inject", inject_keys, mistakes);
        binding.inject_host = slowdowns.percent("host", inject_range).value_or(0.0);
        binding.inject_device = slowdowns.percent("device", inject_range).value_or(0.0);
    }
    return binding;
}

std::vector<std::string_view> arm_keys() {
    std::vector<std::string_view> keys(ssh_keys.begin(), ssh_keys.end());
    keys.insert(keys.end(), hyperv_keys.begin(), hyperv_keys.end());
    keys.insert(keys.end(), eflow_arm_keys.begin(), eflow_arm_keys.end());
    keys.insert(keys.end(), wsl_keys.begin(), wsl_keys.end());
    keys.insert(keys.end(), inject_keys.begin(), inject_keys.end());
    return keys;
}

}  // namespace passbench

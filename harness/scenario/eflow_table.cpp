#include "harness/scenario/eflow_table.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/scenario/ssh_settings.hpp"

namespace passbench {
namespace {

constexpr std::array<std::string_view, 7> eflow_fields = {"deploy", "cpus",        "memory",      "disk",
                                                          "switch", "switch_type", "provisioning"};
constexpr std::array<std::string_view, 9> provisioning_keys = {"type",         "scope_id",      "registration_id",
                                                               "iot_hub",      "device_id",     "identity_cert",
                                                               "identity_key", "symmetric_key", "connection_string"};
constexpr std::array<std::string_view, 1> env_keys = {"env"};
constexpr std::array<std::string_view, 2> switch_types = {"Internal", "External"};

// Facts 1.3, Provision-EflowVm.
constexpr std::array<std::string_view, 1> of_connection_string = {"connection_string"};
constexpr std::array<std::string_view, 4> of_manual_x509 = {"iot_hub", "device_id", "identity_cert", "identity_key"};
constexpr std::array<std::string_view, 1> of_tpm = {"scope_id"};
constexpr std::array<std::string_view, 3> of_dps_x509 = {"scope_id", "identity_cert", "identity_key"};
constexpr std::array<std::string_view, 3> of_symmetric_key = {"scope_id", "registration_id", "symmetric_key"};
constexpr std::array<std::string_view, 1> registration = {"registration_id"};
constexpr std::array provisionings = {
    EflowProvisioningType{"ManualConnectionString", of_connection_string, {}, "connection_string"},
    EflowProvisioningType{"ManualX509", of_manual_x509, {}},
    EflowProvisioningType{"DpsSymmetricKey", of_symmetric_key, {}, "symmetric_key"},
    EflowProvisioningType{"DpsX509", of_dps_x509, {}}, EflowProvisioningType{"DpsTPM", of_tpm, registration}};
constexpr std::array<std::string_view, provisionings.size()> type_names = {
    provisionings[0].name, provisionings[1].name, provisionings[2].name, provisionings[3].name, provisionings[4].name};

constexpr std::size_t longest_line = 1024;
constexpr std::int64_t mib = std::int64_t{1} << 20;
constexpr std::int64_t gib = std::int64_t{1} << 30;
constexpr Range<std::int64_t> cpu_range = {.low = 1, .high = 4096};
constexpr Range<std::int64_t> memory_range = {.low = 1024 * mib, .high = 4096 * gib};  // facts 1.3
constexpr Range<std::int64_t> disk_range = {.low = 21 * gib, .high = 2048 * gib};

std::string one_line(const Fields& fields, std::string_view key, Mistakes& mistakes) {
    auto text = fields.text(key, longest_line);
    if (!text) return "";
    const std::string why = why_no_line(*text);
    if (why.empty()) return *std::move(text);
    mistakes.add(fields.find(key)->node.place, fmt::format("{} {}", key, why), "Write it on one line.");
    return "";
}

/// The name of the variable; a secret in plain text is reported for all tables at once (lab.cpp).
std::string variable(const Fields& fields, std::string_view key, Mistakes& mistakes) {
    const TomlEntry* entry = fields.find(key);
    const auto* table = entry == nullptr ? nullptr : std::get_if<TomlTable>(&entry->node.value);
    if (table == nullptr) return "";
    const Fields inner(*table, key, env_keys, mistakes);
    const std::string name = one_line(inner, "env", mistakes);
    const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char each) {
        return (each >= 'A' && each <= 'Z') || (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') ||
               each == '_';
    });
    if (is_name) return name;
    mistakes.add(entry->node.place, fmt::format("{} names no environment variable", key),
                 fmt::format("Write {} = {{ env = \"NAME\" }}, of letters, digits and underscores.", key));
    return "";
}

const EflowProvisioningType* find_type(std::string_view name) {
    const auto* found =
        std::find_if(provisionings.begin(), provisionings.end(), [&](const auto& type) { return type.name == name; });
    return found == provisionings.end() ? nullptr : found;
}

/// What the type does not need is a mistake as what it lacks is: somebody means another one.
void check_keys(const TomlEntry& entry, const Fields& fields, const EflowProvisioningType& type, Mistakes& mistakes) {
    const auto is_among = [](std::span<const std::string_view> all, std::string_view key) {
        return std::find(all.begin(), all.end(), key) != all.end();
    };
    for (const std::string_view key : type.needed) {
        if (fields.find(key) != nullptr) continue;
        mistakes.add(entry.place, fmt::format("provisioning by {} needs {}", type.name, key),
                     fmt::format("{} takes {}.", type.name, listed(type.needed)));
    }
    for (const std::string_view key : provisioning_keys) {
        if (key == "type" || is_among(type.needed, key) || is_among(type.optional, key)) continue;
        const TomlEntry* found = fields.find(key);
        if (found == nullptr) continue;
        mistakes.add(found->place, fmt::format("provisioning by {} has no {}", type.name, key),
                     fmt::format("{} takes {}.", type.name, listed(type.needed)));
    }
}

std::optional<EflowProvisioning> read_provisioning(const Fields& eflow, Mistakes& mistakes) {
    const TomlEntry* entry = eflow.find("provisioning");
    const TomlTable* table = eflow.table("provisioning");
    if (table == nullptr) return std::nullopt;
    const Fields fields(*table, "[eflow.provisioning]", provisioning_keys, mistakes);
    if (fields.find("type") == nullptr) {
        mistakes.add(entry->place, "[eflow.provisioning] has no type",
                     fmt::format("Add type = \"...\" with one of: {}.", listed(type_names)));
        return std::nullopt;
    }
    const auto name = fields.word("type", type_names);
    if (!name) return std::nullopt;
    const EflowProvisioningType& type = *find_type(*name);
    check_keys(*entry, fields, type, mistakes);
    return EflowProvisioning{.type = *name,
                             .scope_id = one_line(fields, "scope_id", mistakes),
                             .registration_id = one_line(fields, "registration_id", mistakes),
                             .iot_hub = one_line(fields, "iot_hub", mistakes),
                             .device_id = one_line(fields, "device_id", mistakes),
                             .identity_cert = one_line(fields, "identity_cert", mistakes),
                             .identity_key = one_line(fields, "identity_key", mistakes),
                             .secret_variable = type.secret.empty() ? "" : variable(fields, type.secret, mistakes)};
}

}  // namespace

std::span<const EflowProvisioningType> eflow_provisioning_types() { return provisionings; }

EflowSettings read_eflow(const TomlTable& table, Mistakes& mistakes) {
    const Fields fields(table, "[eflow]", eflow_fields, mistakes);
    EflowSettings settings;
    settings.deploy = fields.boolean("deploy").value_or(false);
    settings.cpus = fields.integer("cpus", cpu_range).value_or(settings.cpus);
    const std::int64_t memory = fields.size_bytes("memory", memory_range).value_or(settings.memory_mb * mib);
    settings.memory_mb = memory / mib;
    if (memory % (2 * mib) != 0) {
        mistakes.add(fields.find("memory")->node.place, "memory is no even number of MiB", "Write it like \"8 GiB\".");
    }
    settings.disk_gb = fields.size_bytes("disk", disk_range).value_or(settings.disk_gb * gib) / gib;
    settings.virtual_switch = one_line(fields, "switch", mistakes);
    settings.switch_type = fields.word("switch_type", switch_types).value_or("");
    settings.provisioning = read_provisioning(fields, mistakes);
    return settings;
}

std::vector<std::string_view> eflow_keys() {
    std::vector<std::string_view> all(eflow_fields.begin(), eflow_fields.end());
    all.insert(all.end(), provisioning_keys.begin(), provisioning_keys.end());
    return all;
}

}  // namespace passbench

#include "host/providers/hyperv_lease.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/catalogue/case.hpp"
#include "host/providers/ssh_lease_name.hpp"

namespace passbench {
namespace {

constexpr std::array methods = {HypervMethod::dda, HypervMethod::gpupv,     HypervMethod::native_windows,
                                HypervMethod::wsl, HypervMethod::eflow_dda, HypervMethod::eflow_gpupv};

Error no_lease(std::string_view name) {
    return {.code = ErrorCode::bad_record,
            .what = fmt::format("'{}' is no name of a lease on a Windows host", name),
            .where = "provider",
            .fix = "Release it with the passbench that began it."};
}

/// The texts of a lease by their words.
struct LeaseText {
    std::string_view word;
    std::string& (*of)(HypervLease& lease);
};
EflowProvisioning& provisioning_of(HypervLease& lease) {
    if (!lease.eflow.provisioning) lease.eflow.provisioning.emplace();
    return *lease.eflow.provisioning;
}
constexpr std::array lease_texts = {
    LeaseText{"vm", [](HypervLease& lease) -> std::string& { return lease.vm; }},
    LeaseText{"fixture", [](HypervLease& lease) -> std::string& { return lease.fixture; }},
    LeaseText{"container", [](HypervLease& lease) -> std::string& { return lease.container_image; }},
    LeaseText{"switch", [](HypervLease& lease) -> std::string& { return lease.eflow.virtual_switch; }},
    LeaseText{"switch_type", [](HypervLease& lease) -> std::string& { return lease.eflow.switch_type; }}};
constexpr std::array provisioning_texts = {
    LeaseText{"provisioning", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).type; }},
    LeaseText{"scope_id", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).scope_id; }},
    LeaseText{"registration_id",
              [](HypervLease& lease) -> std::string& { return provisioning_of(lease).registration_id; }},
    LeaseText{"iot_hub", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).iot_hub; }},
    LeaseText{"device_id", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).device_id; }},
    LeaseText{"identity_cert", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).identity_cert; }},
    LeaseText{"identity_key", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).identity_key; }},
    LeaseText{"variable", [](HypervLease& lease) -> std::string& { return provisioning_of(lease).secret_variable; }}};

struct LeaseNumber {
    std::string_view word;
    std::int64_t EflowSettings::*member;
};
constexpr std::array lease_numbers = {LeaseNumber{"cpus", &EflowSettings::cpus},
                                      LeaseNumber{"memory_mb", &EflowSettings::memory_mb},
                                      LeaseNumber{"disk_gb", &EflowSettings::disk_gb}};

std::vector<std::pair<std::string, std::string>> words_of(HypervLease lease) {
    std::vector<std::pair<std::string, std::string>> words;
    words.reserve(lease_texts.size() + provisioning_texts.size() + lease_numbers.size());
    for (const LeaseText& text : lease_texts) words.emplace_back(text.word, text.of(lease));
    if (lease.eflow.provisioning) {
        for (const LeaseText& text : provisioning_texts) words.emplace_back(text.word, text.of(lease));
    }
    const EflowSettings by_default;
    for (const LeaseNumber& number : lease_numbers) {
        if (lease.eflow.*number.member == by_default.*number.member) continue;
        words.emplace_back(number.word, std::to_string(lease.eflow.*number.member));
    }
    return words;
}

bool take_text(HypervLease& lease, std::span<const LeaseText> texts, std::string_view word, const std::string& value) {
    const auto text = std::find_if(texts.begin(), texts.end(), [&](const auto& each) { return each.word == word; });
    if (text != texts.end()) text->of(lease) = value;
    return text != texts.end();
}

bool take_number(HypervLease& lease, std::string_view word, const std::string& value) {
    for (const LeaseNumber& number : lease_numbers) {
        if (number.word != word) continue;
        std::int64_t& target = lease.eflow.*number.member;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), target);
        return error == std::errc() && end == value.data() + value.size();
    }
    return false;
}

/// False where it is no word of a lease.
bool take_word(HypervLease& lease, std::string_view word) {
    if (word == "force") {
        lease.force = ForcedDismount::consented;
        return true;
    }
    if (word == "deploy") {
        lease.eflow.deploy = true;
        return true;
    }
    const std::size_t equal = word.find('=');
    if (equal == std::string_view::npos) return false;
    const auto value = percent_decoded(word.substr(equal + 1));
    const std::string_view name = word.substr(0, equal);
    if (!value) return false;
    if (name == "interpreter") {
        lease.interpreter.push_back(*value);
        return true;
    }
    if (name == "guest") {
        auto guest = parse_ssh_lease(*value);
        if (guest) lease.guest = std::move(guest->settings);
        return guest.has_value();
    }
    return take_text(lease, lease_texts, name, *value) || take_text(lease, provisioning_texts, name, *value) ||
           take_number(lease, name, *value);
}

}  // namespace

std::string_view to_string(HypervMethod method) {
    switch (method) {
        case HypervMethod::dda:
            return "hyperv_dda";
        case HypervMethod::gpupv:
            return "hyperv_gpupv";
        case HypervMethod::native_windows:
            return "native_windows";
        case HypervMethod::wsl:
            return "wsl";
        case HypervMethod::eflow_dda:
            return "eflow_dda";
        case HypervMethod::eflow_gpupv:
            return "eflow_gpupv";
    }
    return "";
}

std::optional<HypervMethod> hyperv_method_named(std::string_view provider) {
    const auto found =
        std::find_if(methods.begin(), methods.end(), [&](HypervMethod each) { return to_string(each) == provider; });
    return found == methods.end() ? std::nullopt : std::optional(*found);
}

bool is_of_eflow(HypervMethod method) {
    return method == HypervMethod::eflow_dda || method == HypervMethod::eflow_gpupv;
}

std::string to_string(const HypervLease& lease) {
    std::string name(to_string(lease.method));
    for (const auto& [word, value] : words_of(lease)) {
        if (!value.empty()) name += " " + word + "=" + percent_encoded(value);
    }
    if (lease.eflow.deploy) name += " deploy";
    if (lease.force == ForcedDismount::consented) name += " force";
    for (const std::string& word : lease.interpreter) name += " interpreter=" + percent_encoded(word);
    if (lease.guest) name += " guest=" + percent_encoded(to_string(SshLease{.settings = *lease.guest}));
    return name;
}

Result<std::optional<HypervLease>> parse_hyperv_lease(std::string_view name) {
    const std::string_view first = name.substr(0, name.find(' '));
    const auto method = hyperv_method_named(first);
    if (!method) return std::optional<HypervLease>();
    HypervLease lease{.method = *method};
    std::string_view rest = name.substr(first.size());
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(word.size());
        if (!take_word(lease, word)) return fail(no_lease(name));
    }
    return std::optional(lease);
}

}  // namespace passbench

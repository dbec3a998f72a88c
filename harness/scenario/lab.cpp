#include "harness/scenario/lab.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/core.h>

#include "harness/records/card_properties.hpp"
#include "harness/scenario/arm_table.hpp"
#include "harness/scenario/eflow_table.hpp"
#include "harness/scenario/fields.hpp"

namespace passbench {

namespace {

constexpr std::array<std::string_view, 7> top_keys = {"version", "arm",     "consent", "eflow",
                                                      "host",    "prepare", "results"};
constexpr std::array<std::string_view, 1> host_keys = {"interpreter"};
constexpr std::array<std::string_view, 3> consent_keys = {"nvidia_eula", "force_dismount", "keep"};
constexpr std::array<std::string_view, 3> keep_words = {"eflow_deployment", "eflow_provisioning", "guest_drivers"};
constexpr std::array<std::string_view, 4> prepare_keys = {"cpu_governor", "cpu_turbo", "gpu_clocks", "gpu_persistence"};
constexpr std::array<std::string_view, 5> governors = {"performance", "powersave", "schedutil", "ondemand",
                                                       "conservative"};  // Linux's cpufreq; `userspace` sets no speed
constexpr std::array<std::string_view, 2> switch_words = {"on", "off"};
constexpr std::array<std::string_view, 7> secret_words = {"password",   "passphrase",        "token",        "secret",
                                                          "credential", "connection_string", "symmetric_key"};

constexpr std::int64_t max_lab_bytes = 1 << 20;
constexpr std::int64_t lab_version = 1;
constexpr std::size_t longest_text = 1000;
constexpr Range<std::int64_t> clock_range_mhz = {.low = 1, .high = 10'000};

bool names_a_secret(std::string_view key) {
    return std::ranges::any_of(secret_words,
                               [&](std::string_view word) { return key.find(word) != std::string_view::npos; });
}

/// A secret stands in the environment, never in a file that is copied and committed. Its value is not repeated here.
void report_plain_secrets(const TomlTable& table, Mistakes& mistakes) {
    for (const TomlEntry& entry : table) {
        const auto* inner = std::get_if<TomlTable>(&entry.node.value);
        if (names_a_secret(entry.key) && (inner == nullptr || find_entry(*inner, "env") == nullptr)) {
            mistakes.add(
                entry.node.place, in_quotes(entry.key) + " holds a secret in plain text",
                fmt::format("Put it into the environment and write {} = {{ env = \"NAME\" }}; change the secret "
                            "if this file was ever shared.",
                            entry.key));
        }
        if (inner != nullptr) report_plain_secrets(*inner, mistakes);
    }
}

void read_prepare(const Fields& wanted, Lab& lab) {
    const auto put = [&](std::string_view key, std::string value) {
        lab.prepare[std::string(key)] = std::move(value);
        lab.asked_at[std::string(key)] = to_string(wanted.find(key)->node.place);
    };
    if (auto governor = wanted.word("cpu_governor", governors)) put("cpu_governor", *std::move(governor));
    if (auto turbo = wanted.word("cpu_turbo", switch_words)) put("cpu_turbo", *std::move(turbo));
    if (const auto clock = wanted.clock_mhz("gpu_clocks", clock_range_mhz)) {
        put("gpu_clocks", fmt::format("{} MHz", *clock));
    }
    if (auto mode = wanted.word("gpu_persistence", switch_words)) put("gpu_persistence", *std::move(mode));
}

Consent read_consent(const Fields& given) {
    return {.nvidia_eula = given.boolean("nvidia_eula").value_or(false),
            .force_dismount = given.boolean("force_dismount").value_or(false),
            .keep = given.words("keep", keep_words)};
}

Checked<Lab> lab_from(const TomlTable& table) {
    Mistakes mistakes;
    report_plain_secrets(table, mistakes);
    const Fields fields(table, "A lab", top_keys, mistakes);
    // Absent, it is the format of this passbench; there only to be refused where it is another.
    static_cast<void>(fields.integer("version", {.low = lab_version, .high = lab_version}));

    Lab lab = default_lab();
    if (const TomlTable* arms = fields.table("arm")) {
        for (const TomlEntry& entry : *arms) lab.arms[entry.key] = read_binding(entry, mistakes);
    }
    if (const TomlTable* consent = fields.table("consent")) {
        lab.consent = read_consent(Fields(*consent, "[consent]", consent_keys, mistakes));
    }
    if (const TomlTable* eflow = fields.table("eflow")) lab.eflow = read_eflow(*eflow, mistakes);
    if (const TomlTable* prepare = fields.table("prepare")) {
        const Fields wanted(*prepare, "[prepare]", prepare_keys, mistakes);
        read_prepare(wanted, lab);
    }
    if (const TomlTable* host = fields.table("host")) {
        lab.interpreter = read_command(Fields(*host, "[host]", host_keys, mistakes), "interpreter", mistakes);
    }
    if (auto results = fields.text("results", longest_text)) lab.results = *std::move(results);
    if (!mistakes.empty()) return tl::unexpected(mistakes.in_order());
    return lab;
}

}  // namespace

Lab default_lab() {
    Lab lab;
    lab.arms["local"] = {.provider = "local"};
    lab.arms["native"] = {.provider = "native"};
    lab.arms["auto"] = {.provider = "auto"};
    lab.arms["native_windows"] = {.provider = "native_windows"};
    lab.arms["dda"] = {.provider = "hyperv_dda"};
    lab.arms["gpupv"] = {.provider = "hyperv_gpupv"};
    lab.arms["eflow_dda"] = {.provider = "eflow_dda"};
    lab.arms["eflow_gpupv"] = {.provider = "eflow_gpupv"};
    lab.arms["wsl"] = {.provider = "wsl"};
    return lab;
}

Checked<Lab> read_lab(const std::filesystem::path& path) {
    const auto text = read_document(path, max_lab_bytes);
    if (!text) return tl::unexpected(std::vector<Error>{text.error()});
    auto lab = parse_lab(*text, path.string());
    if (lab) lab->file = path.string();
    return lab;
}

Checked<Lab> parse_lab(std::string_view text, const std::string& name) {
    const auto table = parse_document(text, name);
    if (!table) return tl::unexpected(std::vector<Error>{table.error()});
    return lab_from(*table);
}

Checked<Lab> lab_beside(const std::filesystem::path& scenario) {
    std::filesystem::path path = scenario;
    path.replace_extension(".lab.toml");
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return default_lab();
    return read_lab(path);
}

Lab simulated(Lab lab) {
    lab.simulated = true;
    // Of a host and a card that are played nobody has to be asked.
    lab.consent.nvidia_eula = true;
    lab.consent.force_dismount = true;
    lab.consent.keep.assign(keep_words.begin(), keep_words.end());
    const char* state = std::getenv(card_property::simulated_state_variable);
    const bool has_card = state != nullptr && *state != '\0';
    const auto is_left_out = [&](const auto& entry) {
        return !has_card || !entry.first.starts_with(card_property::prepare_begin);
    };
    std::erase_if(lab.prepare, is_left_out);
    std::erase_if(lab.asked_at, is_left_out);
    lab.file = lab.file.empty() ? "simulated" : "simulated:" + lab.file;
    return lab;
}

Checked<Lab> choose_lab(const std::string& named, const std::filesystem::path& scenario) {
    constexpr std::string_view simulated_word = "simulated";
    const bool is_simulated = named == simulated_word || named.starts_with("simulated:");
    const std::string file = is_simulated ? named.substr(std::min(named.size(), simulated_word.size() + 1)) : named;
    const auto beside = [&]() -> Checked<Lab> { return scenario.empty() ? default_lab() : lab_beside(scenario); };
    auto lab = file.empty() ? beside() : read_lab(file);
    return lab && is_simulated ? simulated(*std::move(lab)) : lab;
}

std::span<const std::string_view> consent_keep_words() { return keep_words; }

std::vector<std::string_view> lab_keys() {
    std::vector<std::string_view> keys = arm_keys();
    keys.insert(keys.end(), top_keys.begin(), top_keys.end());
    keys.insert(keys.end(), consent_keys.begin(), consent_keys.end());
    keys.insert(keys.end(), host_keys.begin(), host_keys.end());
    keys.insert(keys.end(), prepare_keys.begin(), prepare_keys.end());
    const auto of_eflow = eflow_keys();
    keys.insert(keys.end(), of_eflow.begin(), of_eflow.end());
    return keys;
}

}  // namespace passbench

#include "guest/telemetry/card_settings.hpp"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/units.hpp"
#include "harness/records/card_properties.hpp"

namespace passbench {
namespace {

constexpr std::size_t most_clocks = 1024;
constexpr std::int64_t most_note_bytes = 64;

std::string name_of(const std::string& uuid) { return std::string(card_property::resource_begin) + uuid; }

/// The name becomes that of a file.
bool is_plain_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char each) {
        return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
               each == '-';
    });
}

/// What `ask(count, clocks)` lists, ascending, in MHz; none where NVML does not tell.
template <typename Ask>
std::vector<unsigned> list_clocks(const Ask& ask) {
    std::vector<unsigned> clocks(most_clocks);
    auto count = static_cast<unsigned>(clocks.size());
    if (ask(&count, clocks.data()) != NVML_SUCCESS || count > clocks.size()) return {};
    clocks.resize(count);
    std::sort(clocks.begin(), clocks.end());
    clocks.erase(std::unique(clocks.begin(), clocks.end()), clocks.end());
    return clocks;
}

Error no_such_value(std::string_view property, const std::string& value, const std::string& fix) {
    return {.code = ErrorCode::usage, .what = fmt::format("{} cannot be '{}'", property, value), .fix = fix};
}

Error unsupported(std::string what, std::string fix) {
    return {.code = ErrorCode::unsupported, .what = std::move(what), .fix = std::move(fix)};
}

}  // namespace

CardSettings::CardSettings(std::shared_ptr<const Nvml> nvml, std::filesystem::path notes)
    : nvml_(std::move(nvml)), notes_(std::move(notes)) {}

Result<void> CardSettings::check(nvmlReturn_t code, const Card& card, const std::string& action) const {
    if (code == NVML_SUCCESS) return {};
    const bool needs_rights = code == NVML_ERROR_NO_PERMISSION;
    return fail({.code = needs_rights ? ErrorCode::precondition : ErrorCode::unsupported,
                 .what = fmt::format("NVML does not {} of {}: {}", action, name_of(card.uuid), nvml_->words_of(code)),
                 .fix = needs_rights ? "Run as root, or leave it out of [prepare] in lab.toml."
                                     : "Leave it out of [prepare] in lab.toml; in a virtual machine it may be the "
                                       "host's to set."});
}

Result<std::vector<CardSettings::Card>> CardSettings::cards() const {
    const NvmlCalls& calls = nvml_->calls();
    unsigned count = 0;
    if (const nvmlReturn_t counted = calls.nvmlDeviceGetCount_v2(&count); counted != NVML_SUCCESS || count == 0) {
        return fail(unsupported(counted == NVML_SUCCESS ? "NVML knows no card here"
                                                        : "NVML does not count its cards: " + nvml_->words_of(counted),
                                "See that nvidia-smi shows the cards."));
    }
    std::vector<Card> found;
    for (unsigned index = 0; index < count; ++index) {
        nvmlDevice_t device = nullptr;
        std::array<char, NVML_DEVICE_UUID_V2_BUFFER_SIZE> uuid{};
        nvmlReturn_t code = calls.nvmlDeviceGetHandleByIndex_v2(index, &device);
        if (code == NVML_SUCCESS) {
            code = calls.nvmlDeviceGetUUID == nullptr
                       ? NVML_ERROR_FUNCTION_NOT_FOUND
                       : calls.nvmlDeviceGetUUID(device, uuid.data(), static_cast<unsigned>(uuid.size()));
        }
        if (code != NVML_SUCCESS || !is_plain_name(uuid.data())) {
            return fail(unsupported(fmt::format("NVML does not name card {}: {}", index, nvml_->words_of(code)),
                                    "Only a card with a name can be given back after a crash."));
        }
        found.push_back({.uuid = uuid.data(), .device = device});
    }
    return found;
}

std::string CardSettings::available_clocks(nvmlDevice_t device) const {
    const NvmlCalls& calls = nvml_->calls();
    if (calls.nvmlDeviceGetSupportedMemoryClocks == nullptr || calls.nvmlDeviceGetSupportedGraphicsClocks == nullptr) {
        return {};
    }
    const std::vector<unsigned> memory = list_clocks([&](unsigned* count, unsigned* clocks) {
        return calls.nvmlDeviceGetSupportedMemoryClocks(device, count, clocks);
    });
    if (memory.empty()) return {};
    const std::vector<unsigned> graphics = list_clocks([&](unsigned* count, unsigned* clocks) {
        return calls.nvmlDeviceGetSupportedGraphicsClocks(device, memory.back(), count, clocks);
    });
    std::string text;
    for (const unsigned clock : graphics) text += fmt::format("{}{}", text.empty() ? "" : " ", clock);
    return text;
}

Result<std::string> CardSettings::noted_clock(const Card& card) const {
    const std::filesystem::path note = notes_ / card.uuid;
    std::error_code error;
    if (!std::filesystem::exists(note, error)) return std::string(card_property::unlocked);
    PASSBENCH_TRY(const std::string text, read_file(note, most_note_bytes));
    PASSBENCH_TRY(const std::int64_t clock, parse_clock(text));
    return fmt::format("{} MHz", clock);
}

Result<void> CardSettings::write_note(const Card& card, const std::string& value) const {
    const std::filesystem::path note = notes_ / card.uuid;
    auto written = value == card_property::unlocked
                       ? remove_file(note)
                       : make_folder(notes_).and_then([&] { return replace_file(note, value); });
    if (written) return {};
    Error error = std::move(written).error();
    error.code = ErrorCode::precondition;
    error.fix = "Run as root, or leave gpu_clocks out of [prepare] in lab.toml.";
    return fail(std::move(error));
}

Result<Facts> CardSettings::facts_of(const Card& card) const {
    const NvmlCalls& calls = nvml_->calls();
    Facts facts;
    if (calls.nvmlDeviceSetGpuLockedClocks != nullptr && calls.nvmlDeviceResetGpuLockedClocks != nullptr) {
        PASSBENCH_TRY(std::string clock, noted_clock(card));
        facts.emplace(card_property::clocks, std::move(clock));
        if (std::string available = available_clocks(card.device); !available.empty()) {
            facts.emplace(card_property::available_clocks, std::move(available));
        }
    }
    nvmlEnableState_t mode = NVML_FEATURE_DISABLED;
    if (calls.nvmlDeviceGetPersistenceMode != nullptr && calls.nvmlDeviceSetPersistenceMode != nullptr &&
        calls.nvmlDeviceGetPersistenceMode(card.device, &mode) == NVML_SUCCESS) {
        facts.emplace(card_property::persistence, std::string(mode == NVML_FEATURE_ENABLED ? "on" : "off"));
    }
    return facts;
}

Result<HostFacts> CardSettings::survey() const {
    PASSBENCH_TRY(const std::vector<Card> found, cards());
    HostFacts facts;
    for (const Card& card : found) {
        PASSBENCH_TRY(facts[name_of(card.uuid)], facts_of(card));
    }
    return facts;
}

Result<void> CardSettings::check_value(const Card& card, std::string_view property, const std::string& value) const {
    if (property == card_property::persistence) {
        if (value == "on" || value == "off") return {};
        return fail(no_such_value(property, value, "Write on or off."));
    }
    if (property != card_property::clocks) {
        return fail({.code = ErrorCode::usage,
                     .what = fmt::format("a card has no property '{}' that can be set", property),
                     .fix = "It has gpu_clocks and gpu_persistence."});
    }
    if (value == card_property::unlocked) return {};
    const auto clock = parse_clock(value);
    if (!clock) return fail(no_such_value(property, value, "Write a clock like 1230 MHz, or unlocked."));
    const std::string available = available_clocks(card.device);
    if (available.empty() || (" " + available + " ").find(fmt::format(" {} ", *clock)) != std::string::npos) return {};
    return fail(unsupported(fmt::format("{} has no clock of {} MHz", name_of(card.uuid), *clock),
                            fmt::format("Take one of these, in MHz: {}.", available)));
}

Result<void> CardSettings::set_clocks(const Card& card, const std::string& value) const {
    const NvmlCalls& calls = nvml_->calls();
    if (calls.nvmlDeviceSetGpuLockedClocks == nullptr || calls.nvmlDeviceResetGpuLockedClocks == nullptr) {
        return check(NVML_ERROR_FUNCTION_NOT_FOUND, card, "set the clock");
    }
    if (value == card_property::unlocked) {
        PASSBENCH_CHECK(check(calls.nvmlDeviceResetGpuLockedClocks(card.device), card, "give back the clock"));
        return write_note(card, value);
    }
    PASSBENCH_TRY(const std::int64_t clock, parse_clock(value));
    PASSBENCH_TRY(const std::string before, noted_clock(card));
    PASSBENCH_CHECK(write_note(card, fmt::format("{} MHz", clock)));
    const auto mhz = static_cast<unsigned>(clock);
    auto locked = check(calls.nvmlDeviceSetGpuLockedClocks(card.device, mhz, mhz), card, "lock the clock");
    if (!locked) PASSBENCH_CHECK(write_note(card, before));
    return locked;
}

Result<void> CardSettings::set_persistence(const Card& card, const std::string& value) const {
    const auto call = nvml_->calls().nvmlDeviceSetPersistenceMode;
    const nvmlEnableState_t mode = value == "on" ? NVML_FEATURE_ENABLED : NVML_FEATURE_DISABLED;
    return check(call == nullptr ? NVML_ERROR_FUNCTION_NOT_FOUND : call(card.device, mode), card,
                 "set the persistence mode");
}

Result<void> CardSettings::set_one(const Card& card, std::string_view property, const std::string& value) const {
    return property == card_property::clocks ? set_clocks(card, value) : set_persistence(card, value);
}

Result<void> CardSettings::set(const std::string& uuid, std::string_view property, const std::string& value) const {
    PASSBENCH_TRY(std::vector<Card> chosen, cards());
    if (!uuid.empty()) {
        std::erase_if(chosen, [&](const Card& card) { return card.uuid != uuid; });
        if (chosen.empty()) {
            return fail({.code = ErrorCode::usage,
                         .what = "NVML knows no card " + uuid,
                         .fix = "passbench-agent get all shows those that it knows."});
        }
    }
    for (const Card& card : chosen) PASSBENCH_CHECK(check_value(card, property, value));
    std::vector<std::pair<const Card*, std::string>> done;
    for (const Card& card : chosen) {
        PASSBENCH_TRY(const Facts facts, facts_of(card));
        auto set = set_one(card, property, value);
        if (set) {
            done.emplace_back(&card, fact_text(facts, property).value_or(""));
            continue;
        }
        Error error = std::move(set).error();
        for (const auto& [earlier, before] : done) {
            if (auto back = set_one(*earlier, property, before); !back) {
                error.trail.push_back(name_of(earlier->uuid) + " stays set: " + back.error().what);
            }
        }
        return fail(std::move(error));
    }
    return {};
}

}  // namespace passbench

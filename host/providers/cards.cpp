#include "host/providers/cards.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/units.hpp"
#include "harness/records/card_properties.hpp"
#include "host/carriers/scratch_folder.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

// Eight cards without persistence mode take half of that to start.
constexpr std::int64_t agent_deadline_ns = 60'000'000'000;
constexpr std::int64_t most_answer_bytes = 1 << 20;

/// What the agent wrote of itself, whether it could do it or not: that is in the answer.
Result<HostFacts> answer_of(const CardsAgent& whom, std::vector<std::string> words) {
    PASSBENCH_TRY(const ScratchFolder scratch, ScratchFolder::make(fs::temp_directory_path()));
    PASSBENCH_TRY(const std::string folder, whom.carrier.make_job_folder("cards"));
    words.insert(words.begin(), whom.agent);
    words.insert(words.end(), {"--out", folder + "/host.json"});
    if (!whom.stand_in.empty()) words.insert(words.end(), {"--simulated", whom.stand_in});
    PASSBENCH_TRY(const ExecResult ended, whom.carrier.exec(words, agent_deadline_ns, {}));
    PASSBENCH_CHECK(whom.carrier.get(folder, scratch.path()));
    const fs::path answer = scratch.path() / "host.json";
    std::error_code none;
    if (!fs::exists(answer, none)) {
        return fail({.code = ErrorCode::agent_lost,
                     .what = fmt::format("passbench-agent {} ended with {} and no answer: {}", words[1],
                                         ended.exit_code, ended.output),
                     .where = whom.agent,
                     .fix = "Start it by hand with the same words; where it is of another version, build both anew."});
    }
    PASSBENCH_TRY(const std::string text, read_file(answer, most_answer_bytes));
    return host_from_json(text);
}

/// The agent's error, as its document has it; nothing where it did what was asked.
std::optional<Error> error_in(const HostFacts& facts) {
    const auto none = facts.find(std::string(card_property::no_cards));
    if (none == facts.end()) return std::nullopt;
    const auto text = [&](std::string_view key) { return fact_text(none->second, key).value_or(""); };
    Error error{
        .code = ErrorCode::unsupported, .what = text(card_property::why), .where = {}, .fix = text(card_property::fix)};
    for (const ErrorCodeInfo& info : error_codes()) {
        if (info.name == text(card_property::code)) error.code = info.code;
    }
    return error;
}

Error cannot(const std::string& key, std::string why, std::string fix) {
    return {.code = ErrorCode::unsupported,
            .what = key + " cannot be set on this machine: " + std::move(why),
            .where = "[prepare] " + key,
            .fix = std::move(fix)};
}

std::string leave_out(const std::string& key) { return fmt::format("Take the line of {} out of [prepare].", key); }

/// The driver is torn down when the last program closes the card, and forgets the clock.
Result<void> check_persistence(const std::string& card, const Facts& facts,
                               const std::map<std::string, std::string>& prepare) {
    const auto asked = prepare.find("gpu_persistence");
    const std::string mode =
        asked != prepare.end() ? asked->second : fact_text(facts, card_property::persistence).value_or("on");
    if (mode == "on") return {};
    return fail(cannot("gpu_clocks", "without persistence mode " + card + " forgets its clock between two programs",
                       "Write gpu_persistence = \"on\" into [prepare] too."));
}

Result<void> check_clock(const std::string& card, const Facts& facts, const std::string& wanted) {
    const auto available = fact_text(facts, card_property::available_clocks);
    const auto clock = parse_clock(wanted);
    if (!clock) return fail(clock.error());
    if (!available || (" " + *available + " ").find(fmt::format(" {} ", *clock)) != std::string::npos) return {};
    return fail(cannot("gpu_clocks", fmt::format("{} has no clock of {}", card, wanted),
                       fmt::format("Take one of these, in MHz: {}.", *available)));
}

}  // namespace

std::string_view lease_suffix(PreparedCards cards) {
    switch (cards) {
        case PreparedCards::untouched:
            return "";
        case PreparedCards::real:
            return ".gpu";
        case PreparedCards::simulated:
            return ".simulated_gpu";
    }
    return "";
}

PreparedCards prepared_cards(const Lab& lab) {
    const bool any = std::any_of(lab.prepare.begin(), lab.prepare.end(),
                                 [](const auto& each) { return each.first.starts_with(card_property::prepare_begin); });
    if (!any) return PreparedCards::untouched;
    return lab.simulated ? PreparedCards::simulated : PreparedCards::real;
}

HostFacts no_cards(const Error& why) {
    return {{std::string(card_property::no_cards),
             {{std::string(card_property::why), why.what}, {std::string(card_property::fix), why.fix}}}};
}

Result<HostFacts> ask_for_cards(const CardsAgent& whom) {
    PASSBENCH_TRY(HostFacts facts, answer_of(whom, {"get", "all"}));
    const auto error = error_in(facts);
    if (!error) return facts;
    if (error->code == ErrorCode::unsupported) return no_cards(*error);
    return fail(*error);
}

Result<void> set_card(const CardsAgent& whom, const std::string& resource, const std::string& property,
                      const std::string& value) {
    const std::string uuid = resource.substr(card_property::resource_begin.size());
    PASSBENCH_TRY(const HostFacts facts, answer_of(whom, {"set", preparation_of(property), value, "--card", uuid}));
    auto error = error_in(facts);
    if (!error) return {};
    error->where = resource + " " + property;
    return fail(*std::move(error));
}

bool is_card_resource(std::string_view resource) {
    if (!resource.starts_with(card_property::resource_begin)) return false;
    resource.remove_prefix(card_property::resource_begin.size());
    return !resource.empty() && resource.front() != '-' && std::all_of(resource.begin(), resource.end(), [](char each) {
        return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
               each == '-';
    });
}

std::string preparation_of(std::string_view property) {
    if (property != card_property::clocks && property != card_property::persistence) return "";
    return std::string(card_property::prepare_begin) + std::string(property);
}

Error placed(Error error, const std::map<std::string, std::string>& asked_at, const std::string& key) {
    if (const auto place = asked_at.find(key); place != asked_at.end())
        error.where = place->second + ": " + error.where;
    return error;
}

Result<std::vector<Step>> card_steps(const std::string& key, const HostFacts& facts,
                                     const std::map<std::string, std::string>& prepare) {
    const std::string& wanted = prepare.at(key);
    const bool is_clock = key == preparation_of(card_property::clocks);
    const std::string_view property = is_clock ? card_property::clocks : card_property::persistence;
    std::vector<Step> steps;
    bool any = false;
    for (const auto& [resource, properties] : facts) {
        if (!is_card_resource(resource)) continue;
        any = true;
        const auto before = fact_text(properties, property);
        if (!before) return fail(cannot(key, "NVML cannot set it of " + resource, leave_out(key)));
        if (is_clock) {
            PASSBENCH_CHECK(check_clock(resource, properties, wanted));
            PASSBENCH_CHECK(check_persistence(resource, properties, prepare));
        }
        if (*before == wanted) continue;
        steps.push_back({.resource = resource,
                         .property = std::string(property),
                         .before = *before,
                         .wanted = wanted,
                         .why = is_clock
                                    ? "A card sets its clock by heat and power, and kernels take as long as it says."
                                    : "Without it the driver starts the card anew for each program."});
    }
    if (any) return steps;
    const auto error = error_in(facts);
    return fail(cannot(key, error ? error->what : "nothing is known of its cards",
                       error ? fmt::format("{} {}", error->fix, leave_out(key)) : leave_out(key)));
}

}  // namespace passbench

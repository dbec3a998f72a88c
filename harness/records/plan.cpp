#include "harness/records/plan.hpp"

#include <algorithm>
#include <limits>

#include "harness/core/checksum.hpp"
#include "harness/records/plan_codec.hpp"

namespace passbench {

std::string_view to_string(StopRule rule) { return rule == StopRule::fixed ? "fixed" : "precision"; }

namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format plan_format = {.name = "passbench.plan", .version = 1};
constexpr std::size_t max_cases = 100'000;  // as the scenario reader's limit of the expanded matrix
constexpr std::size_t max_arms = 64;
constexpr std::size_t max_blocks = 100'000;
constexpr int max_count = 1'000'000'000;

Json encode(const MachineDemand& machine) {
    Json json = Json::object();
    if (machine.gpu) json["gpu"] = *machine.gpu;
    if (machine.vcpus) json["vcpus"] = *machine.vcpus;
    if (machine.memory_bytes) json["memory_bytes"] = *machine.memory_bytes;
    if (machine.fixture) json["fixture"] = *machine.fixture;
    return json;
}

MachineDemand decode_machine(const Place& place) {
    MachineDemand machine;
    if (place.has("gpu")) machine.gpu = place.text("gpu");
    if (place.has("vcpus")) machine.vcpus = place.small("vcpus", 1);
    if (place.has("memory_bytes")) machine.memory_bytes = place.integer("memory_bytes", 1);
    if (place.has("fixture")) machine.fixture = place.text("fixture");
    return machine;
}

Json encode(const Design& design) {
    Json json = {{"looks", design.looks},
                 {"trials", design.trials},
                 {"iterations", design.iterations},
                 {"warmup_ns", design.warmup_ns},
                 {"warmup_cap_ns", design.warmup_cap_ns},
                 {"trial_timeout_ns", design.trial_timeout_ns},
                 {"stop", to_string(design.stop)},
                 {"seed", design.seed}};
    codec::put(json, "alpha", design.alpha);
    return json;
}

Design decode_design(const Place& place) {
    Design design;
    design.looks.clear();
    place.each("looks", max_blocks, [&](const Place& look) {
        design.looks.push_back(static_cast<int>(look.as_integer(1, max_count)));
        const bool ascends = design.looks.size() < 2 || design.looks.back() > *(design.looks.end() - 2);
        if (!ascends) look.refuse("expected more blocks than at the look before");
    });
    if (design.looks.empty()) place.refuse("the key 'looks' names no look");
    design.trials = place.small("trials", 1, max_count);
    design.iterations = place.small("iterations", 1, max_count);
    design.warmup_ns = place.integer("warmup_ns");
    design.warmup_cap_ns = place.integer("warmup_cap_ns");
    design.trial_timeout_ns = place.integer("trial_timeout_ns");
    design.stop = place.word("stop", {StopRule::fixed, StopRule::precision});
    design.alpha = place.number("alpha", 0, 1);
    const Place seed = place.member("seed");
    design.seed = seed.as_unsigned();
    return design;
}

Json encode(const BlockPlan& block) {
    Json slots = Json::array();
    for (const Slot& slot : block.slots) slots.push_back({slot.case_index, slot.trial});
    return {{"arms", block.arms}, {"slots", std::move(slots)}};
}

BlockPlan decode_block(const Place& place, const Plan& plan) {
    BlockPlan block;
    const auto arm_count = static_cast<std::int64_t>(plan.arms.size());
    const auto case_count = static_cast<std::int64_t>(plan.cases.size());
    place.each("arms", plan.arms.size(), [&](const Place& arm) {
        block.arms.push_back(static_cast<int>(arm.as_integer(0, arm_count - 1)));
        if (std::count(block.arms.begin(), block.arms.end(), block.arms.back()) > 1)
            arm.refuse("this arm is in the block twice");
    });
    const std::size_t slot_limit = plan.cases.size() * static_cast<std::size_t>(plan.design.trials);
    std::vector<std::pair<int, int>> seen;
    place.each("slots", slot_limit, [&](const Place& slot) {
        slot.check_array(2);
        if (slot.size() != 2) slot.refuse("expected [case, trial]");
        block.slots.push_back({.case_index = static_cast<int>(slot.integer_at(0, 0, case_count - 1)),
                               .trial = static_cast<int>(slot.integer_at(1, 0, plan.design.trials - 1))});
        seen.emplace_back(block.slots.back().case_index, block.slots.back().trial);
    });
    std::sort(seen.begin(), seen.end());
    if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) place.refuse("one trial is in the block twice");
    return block;
}

Plan decode_plan(const Place& document) {
    Plan plan;
    plan.scenario = document.text("scenario");
    plan.title = document.text("title");
    plan.factor = document.text("factor");
    document.each("arms", max_arms, [&](const Place& arm) {
        plan.arms.push_back(arm.as_text());
        if (std::count(plan.arms.begin(), plan.arms.end(), plan.arms.back()) > 1) arm.refuse("two arms have this name");
    });
    if (plan.arms.empty()) document.refuse("the key 'arms' names no arm");
    const Place machine = document.member("machine");
    plan.machine = decode_machine(machine);
    const Place design = document.member("design");
    plan.design = decode_design(design);
    document.each("cases", max_cases,
                  [&](const Place& place) { plan.cases.push_back(codec::decode_planned_case(place)); });
    document.each("blocks", max_blocks, [&](const Place& place) { plan.blocks.push_back(decode_block(place, plan)); });
    if (std::cmp_not_equal(plan.blocks.size(), plan.design.looks.back())) {
        document.refuse("there are " + std::to_string(plan.blocks.size()) + " blocks, but the last look is after " +
                        std::to_string(plan.design.looks.back()));
    }
    plan.sha256 = document.text("sha256");
    return plan;
}

std::string digest_of(Json document) {
    document.erase("sha256");
    return sha256_hex(codec::to_compact(document));
}

Json encode(const Plan& plan) {
    Json json = codec::begin(plan_format);
    json["scenario"] = plan.scenario;
    json["title"] = plan.title;
    json["factor"] = plan.factor;
    json["arms"] = plan.arms;
    json["machine"] = encode(plan.machine);
    json["design"] = encode(plan.design);
    json["cases"] = Json::array();
    for (const PlannedCase& planned : plan.cases) json["cases"].push_back(codec::encode(planned));
    json["blocks"] = Json::array();
    for (const BlockPlan& block : plan.blocks) json["blocks"].push_back(encode(block));
    return json;
}

}  // namespace

namespace codec {

Json encode(const PlannedCase& planned) {
    Json parameters = Json::object();
    for (const auto& [key, value] : planned.parameters) {
        std::visit([&parameters, &name = key](const auto& plain) { parameters[name] = plain; }, value);
    }
    Json gates = Json::array();
    for (const Gate& gate : planned.gates) {
        Json json = {{"metric", gate.metric}};
        put(json, "budget", gate.budget);
        gates.push_back(std::move(json));
    }
    Json json = {
        {"name", planned.name},
        {"workload", planned.workload},
        {"workload_version", planned.workload_version},
        {"form", to_string(planned.form)},
        {"parameters", std::move(parameters)},
        {"work", {{"bytes", planned.work.bytes}, {"flops", planned.work.flops}, {"items", planned.work.items}}},
        {"gates", std::move(gates)}};
    if (planned.load) json["load"] = {{"kind", to_string(planned.load->kind)}, {"level", planned.load->level}};
    return json;
}

PlannedCase decode_planned_case(const Place& place) {
    PlannedCase planned;
    planned.name = place.nonempty_text("name");
    planned.workload = place.nonempty_text("workload");
    planned.workload_version = place.small("workload_version", 1);
    planned.form = place.word("form", {Form::cpu, Form::cuda});
    place.each_member("parameters", [&](const std::string& key, const Place& value) {
        const Fact fact = value.as_fact();
        if (const auto* number = std::get_if<std::int64_t>(&fact)) {
            planned.parameters.emplace(key, *number);
        } else if (const auto* word = std::get_if<std::string>(&fact)) {
            planned.parameters.emplace(key, *word);
        } else {
            value.refuse("expected an integer or a text");
        }
    });
    const Place work = place.member("work");
    planned.work = {.bytes = work.integer("bytes"), .flops = work.integer("flops"), .items = work.integer("items")};
    constexpr std::size_t max_gates = 1000;
    place.each("gates", max_gates, [&](const Place& gate) {
        planned.gates.push_back({.metric = gate.nonempty_text("metric"), .budget = gate.number("budget", 0)});
    });
    if (place.has("load")) {
        const Place load = place.member("load");
        planned.load = {.kind = load.word("kind", {LoadKind::cpu, LoadKind::memory, LoadKind::gpu}),
                        .level = load.small("level", 1, most_load_processes)};
    }
    return planned;
}

}  // namespace codec

std::string plan_digest(const Plan& plan) { return digest_of(encode(plan)); }

std::string to_json(const Plan& plan) {
    Json json = encode(plan);
    json["sha256"] = digest_of(json);
    return codec::to_document(json);
}

Result<Plan> plan_from_json(std::string_view text) {
    std::string digest;
    auto plan = codec::decode(text, codec::max_plan_bytes, [&](const Json& root) {
        const Place document(root);
        codec::check_format(document, plan_format);
        Plan decoded = decode_plan(document);
        digest = digest_of(root);
        return decoded;
    });
    if (plan && digest != plan->sha256) {
        return fail({.code = ErrorCode::plan_changed,
                     .what = "the plan was changed after it was made: its content has the SHA-256 " +
                             digest.substr(0, 12) + "..., it says " + plan->sha256.substr(0, 12) + "...",
                     .fix = "Restore plan.json from a copy, or begin a new run from the scenario."});
    }
    return plan;
}

}  // namespace passbench

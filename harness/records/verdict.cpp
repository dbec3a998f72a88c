#include "harness/records/verdict.hpp"

#include <array>
#include <cstddef>

#include "harness/records/stats_codec.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format verdict_format = {.name = "passbench.verdict", .version = 1};

struct RunWordInfo {
    std::string_view name;
    int exit_code;  // design.md section 9
};
// In the order of the enums.
constexpr std::array<RunWordInfo, 6> run_words = {
    {{"qualified", 0}, {"not_qualified", 1}, {"inconclusive", 3}, {"invalid", 5}, {"failed", 4}, {"measured", 0}}};
constexpr std::array<std::string_view, 9> gate_words = {
    "ok", "improved", "regressed", "inconclusive", "confounded", "invalid", "skipped", "waived", "error"};

Json encode(const GateVerdict& gate) {
    Json json = {
        {"case", gate.case_name}, {"metric", gate.metric},        {"arm", gate.arm},  {"reference", gate.reference},
        {"blocks", gate.blocks},  {"word", to_string(gate.word)}, {"text", gate.text}};
    codec::put(json, "estimate", gate.estimate);
    codec::put(json, "lo", gate.lo);
    codec::put(json, "hi", gate.hi);
    codec::put(json, "budget", gate.budget);
    codec::put(json, "mde", gate.mde);
    return json;
}

GateVerdict decode_gate(const Place& place) {
    using enum GateWord;
    GateVerdict gate;
    gate.case_name = place.nonempty_text("case");
    gate.metric = place.nonempty_text("metric");
    gate.arm = place.text("arm");
    gate.reference = place.text("reference");
    gate.word =
        place.word("word", {ok, improved, regressed, inconclusive, confounded, invalid, skipped, waived, error});
    gate.estimate = place.optional_number("estimate");
    gate.lo = place.optional_number("lo");
    gate.hi = place.optional_number("hi");
    gate.budget = place.number("budget");
    gate.blocks = place.small("blocks");
    gate.mde = place.optional_number("mde");
    gate.text = place.text("text");
    return gate;
}

Verdict decode_verdict(const Place& document) {
    using enum RunWord;
    Verdict verdict;
    verdict.word = document.word("word", {qualified, not_qualified, inconclusive, invalid, failed, measured});
    verdict.simulated = document.boolean("simulated");
    verdict.card = document.text("card");
    document.each("reasons", codec::max_entries, [&](const Place& reason) {
        verdict.reasons.push_back(
            {.code = reason.nonempty_text("code"), .text = reason.text("text"), .fix = reason.text("fix")});
    });
    document.each("gates", codec::max_entries, [&](const Place& gate) { verdict.gates.push_back(decode_gate(gate)); });
    verdict.flags = codec::decode_flags(document);
    verdict.kept = document.texts_or_none("kept");
    return verdict;
}

}  // namespace

std::string_view to_string(RunWord word) { return run_words.at(static_cast<std::size_t>(word)).name; }

std::string_view to_string(GateWord word) { return gate_words.at(static_cast<std::size_t>(word)); }

int exit_code(RunWord word) { return run_words.at(static_cast<std::size_t>(word)).exit_code; }

std::string to_json(const Verdict& verdict) {
    Json json = codec::begin(verdict_format);
    json["word"] = to_string(verdict.word);
    json["simulated"] = verdict.simulated;
    json["card"] = verdict.card;
    json["reasons"] = Json::array();
    for (const Reason& reason : verdict.reasons) {
        json["reasons"].push_back({{"code", reason.code}, {"text", reason.text}, {"fix", reason.fix}});
    }
    json["gates"] = Json::array();
    for (const GateVerdict& gate : verdict.gates) json["gates"].push_back(encode(gate));
    json["flags"] = codec::encode(verdict.flags);
    if (!verdict.kept.empty()) json["kept"] = verdict.kept;
    return codec::to_document(json);
}

Result<Verdict> verdict_from_json(std::string_view text) {
    return codec::decode(text, verdict_format, codec::max_document_bytes, decode_verdict);
}

}  // namespace passbench

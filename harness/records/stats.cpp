#include "harness/records/stats.hpp"

#include <cmath>

#include "harness/records/stats_codec.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format stats_format = {.name = "passbench.stats", .version = 1};

Json encode(const BlockValue& block) {
    Json json = {{"case", block.case_name}, {"metric", block.metric},   {"arm", block.arm},
                 {"block", block.block},    {"attempt", block.attempt}, {"trials", block.trials}};
    codec::put(json, "value", block.value);
    return json;
}

BlockValue decode_block(const Place& place) {
    return {.case_name = place.nonempty_text("case"),
            .metric = place.nonempty_text("metric"),
            .arm = place.nonempty_text("arm"),
            .block = place.small("block"),
            .attempt = place.small("attempt"),
            .trials = place.small("trials"),
            .value = place.number("value")};
}

Json encode(const Quantile& quantile) {
    Json json = {{"case", quantile.case_name}, {"arm", quantile.arm}, {"metric", quantile.metric}, {"n", quantile.n}};
    codec::put(json, "p", quantile.p);
    codec::put(json, "value", quantile.value);
    return json;
}

Quantile decode_quantile(const Place& place) {
    return {.case_name = place.nonempty_text("case"),
            .arm = place.nonempty_text("arm"),
            .metric = place.nonempty_text("metric"),
            .p = place.number("p", 0, 1),
            .value = place.number("value"),
            .n = place.integer("n")};
}

Json encode(const Estimate& estimate) {
    Json json = {{"case", estimate.case_name},
                 {"metric", estimate.metric},
                 {"unit", estimate.unit},
                 {"direction", to_string(estimate.direction)},
                 {"kind", to_string(estimate.kind)},
                 {"arm", estimate.arm},
                 {"blocks", estimate.blocks},
                 {"confidence", std::isfinite(estimate.confidence) ? estimate.confidence : 0.0},
                 {"method", estimate.method},
                 {"flags", codec::encode(estimate.flags)}};
    if (estimate.reference) json["reference"] = *estimate.reference;
    codec::put(json, "value", estimate.value);
    codec::put(json, "lo", estimate.lo);
    codec::put(json, "hi", estimate.hi);
    if (estimate.limit && std::isfinite(estimate.limit->value)) {
        json["limit"] = {{"value", estimate.limit->value},
                         {"kind", to_string(estimate.limit->kind)},
                         {"formula", estimate.limit->formula}};
    }
    codec::put(json, "of_limit", estimate.of_limit);
    codec::put(json, "mde", estimate.mde);
    codec::put_unless_empty(json, "why", estimate.why);
    codec::put_unless_empty(json, "ran_on", estimate.ran_on);
    return json;
}

EstimateLimit decode_limit(const Place& place) {
    return {.value = place.number("value"),
            .kind = place.word("kind", {LimitKind::none, LimitKind::measured, LimitKind::physical}),
            .formula = place.text("formula")};
}

Estimate decode_estimate(const Place& place) {
    Estimate estimate;
    estimate.case_name = place.nonempty_text("case");
    estimate.metric = place.nonempty_text("metric");
    estimate.unit = place.text("unit");
    estimate.direction = place.word("direction", {Direction::lower, Direction::higher});
    estimate.kind = place.word("kind", {MetricKind::time, MetricKind::rate, MetricKind::count, MetricKind::ratio});
    estimate.arm = place.nonempty_text("arm");
    if (place.has("reference")) estimate.reference = place.nonempty_text("reference");
    estimate.blocks = place.small("blocks");
    estimate.value = place.optional_number("value");
    estimate.lo = place.optional_number("lo");
    estimate.hi = place.optional_number("hi");
    estimate.confidence = place.number("confidence", 0, 1);
    estimate.method = place.text("method");
    if (place.has("limit")) {
        const Place limit = place.member("limit");
        estimate.limit = decode_limit(limit);
    }
    estimate.of_limit = place.optional_number("of_limit");
    estimate.mde = place.optional_number("mde");
    estimate.why = place.text_or_empty("why");
    estimate.flags = codec::decode_flags(place);
    estimate.ran_on = place.text_or_empty("ran_on");
    return estimate;
}

Json encode(const Missing& missing) {
    return {{"case", missing.case_name}, {"arm", missing.arm},   {"block", missing.block},
            {"trial", missing.trial},    {"word", missing.word}, {"text", missing.text}};
}

Missing decode_missing(const Place& place) {
    Missing missing{.case_name = place.nonempty_text("case"),
                    .arm = place.nonempty_text("arm"),
                    .block = place.small("block"),
                    .trial = place.small("trial"),
                    .word = place.text("word"),
                    .text = place.text("text")};
    const Place word = place.member("word");
    const bool is_known = missing.word == "skipped" || missing.word == "invalid" || missing.word == "error";
    if (!is_known) word.refuse("expected one of skipped, invalid, error");
    return missing;
}

Json encode(const MemoryTest& test) {
    Json json = {{"case", test.case_name}, {"arm", test.arm}, {"trials", test.trials}, {"errors", test.errors}};
    json["tested_bytes"] = test.tested_bytes;
    if (test.total_bytes) json["total_bytes"] = *test.total_bytes;
    codec::put(json, "coverage", test.coverage);
    codec::put_unless_empty(json, "first_error", test.first_error);
    codec::put_unless_empty(json, "why", test.why);
    return json;
}

MemoryTest decode_memory_test(const Place& place) {
    MemoryTest test{.case_name = place.nonempty_text("case"),
                    .arm = place.nonempty_text("arm"),
                    .trials = place.small("trials"),
                    .errors = place.integer("errors"),
                    .first_error = place.text_or_empty("first_error"),
                    .tested_bytes = place.integer("tested_bytes"),
                    .coverage = place.optional_number("coverage"),
                    .why = place.text_or_empty("why")};
    if (place.has("total_bytes")) test.total_bytes = place.integer("total_bytes", 1);
    return test;
}

Stats decode_stats(const Place& document) {
    Stats stats;
    stats.look = document.small("look");
    stats.looks = document.small("looks");
    stats.confidence = document.number("confidence", 0, 1);
    stats.simulated = document.boolean("simulated");
    document.each("blocks", codec::max_entries,
                  [&](const Place& place) { stats.blocks.push_back(decode_block(place)); });
    document.each("quantiles", codec::max_entries,
                  [&](const Place& place) { stats.quantiles.push_back(decode_quantile(place)); });
    document.each("estimates", codec::max_entries,
                  [&](const Place& place) { stats.estimates.push_back(decode_estimate(place)); });
    if (document.has("fits")) {  // not in runs that were made before there were fits
        document.each("fits", codec::max_entries,
                      [&](const Place& place) { stats.fits.push_back(codec::decode_fit(place)); });
    }
    if (document.has("speed_ups")) {  // not in runs that were made before there were speed-ups
        document.each("speed_ups", codec::max_entries,
                      [&](const Place& place) { stats.speed_ups.push_back(codec::decode_speed_up(place)); });
    }
    if (document.has("parts")) {  // not in runs that were made before there were parts
        document.each("parts", codec::max_entries,
                      [&](const Place& place) { stats.parts.push_back(codec::decode_parts(place)); });
    }
    document.each("missing", codec::max_entries,
                  [&](const Place& place) { stats.missing.push_back(decode_missing(place)); });
    if (document.has("memory")) {
        document.each("memory", codec::max_entries,
                      [&](const Place& place) { stats.memory.push_back(decode_memory_test(place)); });
    }
    if (document.has("host_times")) {  // not in runs that were made before there were any
        document.each("host_times", codec::max_entries,
                      [&](const Place& place) { stats.host_times.push_back(codec::decode_host_time(place)); });
    }
    return stats;
}

}  // namespace

namespace codec {

Json encode(const std::vector<Flag>& flags) {
    Json json = Json::array();
    for (const Flag& flag : flags) json.push_back({{"code", flag.code}, {"text", flag.text}});
    return json;
}

std::vector<Flag> decode_flags(const Place& place) {
    std::vector<Flag> flags;
    place.each("flags", max_entries, [&](const Place& flag) {
        flags.push_back({.code = flag.nonempty_text("code"), .text = flag.text("text")});
    });
    return flags;
}

}  // namespace codec

std::string to_json(const Stats& stats) {
    Json json = codec::begin(stats_format);
    json["look"] = stats.look;
    json["looks"] = stats.looks;
    codec::put(json, "confidence", stats.confidence);
    json["simulated"] = stats.simulated;
    for (const char* list : {"blocks", "quantiles", "estimates", "fits", "speed_ups", "parts", "missing"})
        json[list] = Json::array();
    // A value that is not finite is none: absent rather than null, so that no reader takes it for a number.
    for (const BlockValue& block : stats.blocks) {
        if (std::isfinite(block.value)) json["blocks"].push_back(encode(block));
    }
    for (const Quantile& quantile : stats.quantiles) {
        if (std::isfinite(quantile.value)) json["quantiles"].push_back(encode(quantile));
    }
    for (const Estimate& estimate : stats.estimates) json["estimates"].push_back(encode(estimate));
    for (const Fit& fit : stats.fits) json["fits"].push_back(codec::encode(fit));
    for (const SpeedUp& speed_up : stats.speed_ups) json["speed_ups"].push_back(codec::encode(speed_up));
    for (const WallParts& parts : stats.parts) json["parts"].push_back(codec::encode(parts));
    for (const Missing& missing : stats.missing) json["missing"].push_back(encode(missing));
    for (const MemoryTest& test : stats.memory) json["memory"].push_back(encode(test));
    for (const HostTime& time : stats.host_times) json["host_times"].push_back(codec::encode(time));
    return codec::to_document(json);
}

Result<Stats> stats_from_json(std::string_view text) {
    return codec::decode(text, stats_format, codec::max_plan_bytes, decode_stats);
}

}  // namespace passbench

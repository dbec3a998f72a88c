#include "harness/records/wall_parts.hpp"

#include <cmath>

#include "harness/records/stats_codec.hpp"

namespace passbench::codec {
namespace {

Json encode_part(const WallPart& part) {
    Json json = {{"name", part.name}, {"confidence", std::isfinite(part.confidence) ? part.confidence : 0.0}};
    put(json, "value", part.value);
    put(json, "lo", part.lo);
    put(json, "hi", part.hi);
    put(json, "share", part.share);
    put(json, "under", part.under);
    put(json, "clocks", part.clocks);
    return json;
}

WallPart decode_part(const Place& place) {
    return {.name = place.nonempty_text("name"),
            .value = place.optional_number("value"),
            .lo = place.optional_number("lo"),
            .hi = place.optional_number("hi"),
            .confidence = place.number("confidence", 0, 1),
            .share = place.optional_number("share"),
            .under = place.optional_number("under"),
            .clocks = place.optional_number("clocks")};
}

}  // namespace

Json encode(const WallParts& parts) {
    Json json = {{"case", parts.case_name}, {"arm", parts.arm},       {"metric", parts.metric},
                 {"unit", parts.unit},      {"blocks", parts.blocks}, {"simulated", parts.simulated},
                 {"parts", Json::array()}};
    for (const WallPart& part : parts.parts) json["parts"].push_back(encode_part(part));
    put(json, "whole", parts.whole);
    put(json, "remainder", parts.remainder);
    put_unless_empty(json, "why", parts.why);
    return json;
}

WallParts decode_parts(const Place& place) {
    WallParts parts{.case_name = place.nonempty_text("case"),
                    .arm = place.nonempty_text("arm"),
                    .metric = place.nonempty_text("metric"),
                    .unit = place.text("unit"),
                    .blocks = place.small("blocks"),
                    .simulated = place.boolean("simulated"),
                    .whole = place.optional_number("whole"),
                    .remainder = place.optional_number("remainder"),
                    .why = place.text_or_empty("why")};
    place.each("parts", max_entries, [&](const Place& part) { parts.parts.push_back(decode_part(part)); });
    return parts;
}

}  // namespace passbench::codec

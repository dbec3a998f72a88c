#include "harness/records/fits.hpp"

#include <cmath>

#include "harness/records/stats_codec.hpp"

namespace passbench::codec {
namespace {

FitResidual decode_residual(const Place& place) { return {.at = place.integer("at"), .value = place.number("value")}; }

std::optional<std::int64_t> optional_integer(const Place& place, std::string_view key) {
    return place.has(key) ? std::optional(place.integer(key)) : std::nullopt;
}

}  // namespace

Json encode(const FitNumber& number) {
    Json json = {{"name", number.name},
                 {"unit", number.unit},
                 {"confidence", std::isfinite(number.confidence) ? number.confidence : 0.0}};
    put(json, "value", number.value);
    put(json, "lo", number.lo);
    put(json, "hi", number.hi);
    put_unless_empty(json, "why", number.why);
    return json;
}

FitNumber decode_fit_number(const Place& place) {
    return {.name = place.nonempty_text("name"),
            .unit = place.text("unit"),
            .value = place.optional_number("value"),
            .lo = place.optional_number("lo"),
            .hi = place.optional_number("hi"),
            .confidence = place.number("confidence", 0, 1),
            .why = place.text_or_empty("why")};
}

Json encode(const Fit& fit) {
    Json json = {{"cases", fit.cases},   {"parameter", fit.parameter}, {"metric", fit.metric},
                 {"arm", fit.arm},       {"model", fit.model},         {"method", fit.method},
                 {"blocks", fit.blocks}, {"points", fit.points},       {"numbers", Json::array()}};
    for (const FitNumber& number : fit.numbers) json["numbers"].push_back(encode(number));
    if (fit.reference) json["reference"] = *fit.reference;
    if (fit.from) json["from"] = *fit.from;
    if (fit.to) json["to"] = *fit.to;
    if (fit.furthest && std::isfinite(fit.furthest->value)) {
        json["furthest"] = {{"at", fit.furthest->at}, {"value", fit.furthest->value}};
    }
    put_unless_empty(json, "why", fit.why);
    return json;
}

Fit decode_fit(const Place& place) {
    Fit fit;
    fit.cases = place.nonempty_text("cases");
    fit.parameter = place.nonempty_text("parameter");
    fit.metric = place.nonempty_text("metric");
    fit.arm = place.nonempty_text("arm");
    if (place.has("reference")) fit.reference = place.nonempty_text("reference");
    fit.model = place.text("model");
    fit.method = place.text("method");
    fit.blocks = place.small("blocks");
    fit.points = place.small("points");
    fit.from = optional_integer(place, "from");
    fit.to = optional_integer(place, "to");
    place.each("numbers", max_entries, [&](const Place& number) { fit.numbers.push_back(decode_fit_number(number)); });
    if (place.has("furthest")) {
        const Place furthest = place.member("furthest");
        fit.furthest = decode_residual(furthest);
    }
    fit.why = place.text_or_empty("why");
    return fit;
}

}  // namespace passbench::codec

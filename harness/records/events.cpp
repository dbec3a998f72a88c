#include "harness/records/events.hpp"

#include "harness/records/json_codec.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format event_format = {.name = "passbench.event", .version = 1};
constexpr codec::Format telemetry_format = {.name = "passbench.telemetry", .version = 1};
constexpr std::string_view telemetry_kind = "telemetry";

/// -1 where the key is absent.
int small_or_none(const Place& place, std::string_view key) { return place.has(key) ? place.small(key) : -1; }

Event decode_event(const Json& root) {
    const Place line(root);
    const bool is_telemetry = line.text("format") == telemetry_format.name;
    codec::check_format(line, is_telemetry ? telemetry_format : event_format);
    Event event;
    const Place kind = line.member("kind");
    event.kind = kind.as_text();
    if (event.kind.empty()) kind.refuse("expected a text that is not empty");
    if ((event.kind == telemetry_kind) != is_telemetry) kind.refuse("this kind does not belong to this format");
    event.at = line.nonempty_text("at");
    event.case_name = line.text_or_empty("case");
    event.arm = line.text_or_empty("arm");
    event.block = small_or_none(line, "block");
    event.trial = small_or_none(line, "trial");
    event.attempt = small_or_none(line, "attempt");
    event.facts = line.facts("facts");
    return event;
}

}  // namespace

std::string to_json_line(const Event& event) {
    Json json = codec::begin(event.kind == telemetry_kind ? telemetry_format : event_format);
    json["kind"] = event.kind;
    json["at"] = event.at;
    codec::put_unless_empty(json, "case", event.case_name);
    codec::put_unless_empty(json, "arm", event.arm);
    if (event.block >= 0) json["block"] = event.block;
    if (event.trial >= 0) json["trial"] = event.trial;
    if (event.attempt >= 0) json["attempt"] = event.attempt;
    json["facts"] = codec::encode(event.facts);
    return codec::to_compact(json) + "\n";
}

Result<Event> event_from_json(std::string_view line) {
    return codec::decode(line, codec::max_line_bytes, decode_event);
}

}  // namespace passbench

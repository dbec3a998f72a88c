#include "harness/records/environment.hpp"

#include "harness/records/json_codec.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr std::string_view advice_suffix = ".advice";
constexpr codec::Format environment_format = {.name = "passbench.environment", .version = 1};
constexpr codec::Format environments_format = {.name = "passbench.environments", .version = 1};
constexpr codec::Format host_format = {.name = "passbench.host", .version = 1};

void encode_into(Json& json, const Environment& environment) {
    json["identity"] = codec::encode(environment.identity);
    json["context"] = codec::encode(environment.context);
    json["capabilities"] = codec::encode(environment.capabilities);
    json["disturbances"] = codec::encode(environment.disturbances);
    json["preflight"] = Json::array();
    for (const PreflightCheck& check : environment.preflight) {
        Json row = {{"check", check.check}, {"severity", to_string(check.severity)}, {"what", check.what}};
        codec::put_unless_empty(row, "fix", check.fix);
        json["preflight"].push_back(std::move(row));
    }
    json["simulated"] = environment.simulated;
}

/// Absent in runs of before there was any.
std::vector<PreflightCheck> decode_preflight(const Place& place) {
    constexpr std::size_t most_checks = 1000;
    std::vector<PreflightCheck> checks;
    if (!place.has("preflight")) return checks;
    place.each("preflight", most_checks, [&](const Place& row) {
        using enum PreflightSeverity;
        checks.push_back({.check = row.nonempty_text("check"),
                          .severity = row.word("severity", {ok, note, warn, block, skipped}),
                          .what = row.text("what"),
                          .fix = row.text_or_empty("fix")});
    });
    return checks;
}

Environment decode_environment(const Place& place) {
    return {.identity = place.facts("identity"),
            .context = place.facts("context"),
            .capabilities = place.facts("capabilities"),
            .disturbances = place.facts("disturbances"),
            .preflight = decode_preflight(place),
            .simulated = place.boolean("simulated")};
}

}  // namespace

std::string_view to_string(PreflightSeverity severity) {
    switch (severity) {
        case PreflightSeverity::ok:
            return "ok";
        case PreflightSeverity::note:
            return "note";
        case PreflightSeverity::warn:
            return "warn";
        case PreflightSeverity::block:
            return "block";
        case PreflightSeverity::skipped:
            return "skipped";
    }
    return "skipped";
}

bool is_about_card(const PreflightCheck& check) {
    return check.check.starts_with("gpu") || check.check.starts_with("environment.CUDA_");
}

std::string advice_key(std::string_view fact) { return std::string(fact).append(advice_suffix); }

std::optional<std::string> advised_fact(std::string_view key) {
    if (key.size() <= advice_suffix.size() || !key.ends_with(advice_suffix)) return std::nullopt;
    return std::string(key.substr(0, key.size() - advice_suffix.size()));
}

std::string to_json(const Environment& environment) {
    Json json = codec::begin(environment_format);
    encode_into(json, environment);
    return codec::to_document(json);
}

Result<Environment> environment_from_json(std::string_view text) {
    return codec::decode(text, environment_format, codec::max_document_bytes, decode_environment);
}

std::string to_json(const std::map<std::string, Environment>& by_arm) {
    Json json = codec::begin(environments_format);
    json["arms"] = Json::object();
    for (const auto& [arm, environment] : by_arm) encode_into(json["arms"][arm], environment);
    return codec::to_document(json);
}

Result<std::map<std::string, Environment>> environments_from_json(std::string_view text) {
    return codec::decode(text, environments_format, codec::max_document_bytes, [](const Place& document) {
        std::map<std::string, Environment> by_arm;
        document.each_member("arms", [&](const std::string& arm, const Place& place) {
            by_arm.emplace(arm, decode_environment(place));
        });
        return by_arm;
    });
}

std::string to_json(const HostFacts& host) {
    Json json = codec::begin(host_format);
    json["resources"] = Json::object();
    for (const auto& [resource, facts] : host) json["resources"][resource] = codec::encode(facts);
    return codec::to_document(json);
}

Result<HostFacts> host_from_json(std::string_view text) {
    return codec::decode(text, host_format, codec::max_document_bytes, [](const Place& document) {
        HostFacts host;
        const Place resources = document.member("resources");
        document.each_member("resources", [&](const std::string& resource, const Place&) {
            host.emplace(resource, resources.facts(resource));
        });
        return host;
    });
}

}  // namespace passbench

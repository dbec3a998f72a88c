// status.json and what events say about attempts.
#include <algorithm>

#include "harness/records/json_codec.hpp"
#include "harness/records/run_directory.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format status_format = {.name = "passbench.status", .version = 1};

RunStatus decode_status(const Place& document) {
    using enum RunState;
    RunStatus status;
    status.state = document.word("state", {running, interrupted, failed, complete});
    status.started = document.nonempty_text("started");
    status.ended = document.text_or_empty("ended");
    status.simulated = document.boolean("simulated");
    status.reason = document.text_or_empty("reason");
    document.each_member(
        "arms", [&](const std::string& arm, const Place& became) { status.arms.emplace(arm, became.as_text()); });
    status.host_restored = document.boolean("host_restored");
    status.kept = document.texts_or_none("kept");
    return status;
}

}  // namespace

std::string_view to_string(RunState state) {
    switch (state) {
        case RunState::running:
            return "running";
        case RunState::interrupted:
            return "interrupted";
        case RunState::failed:
            return "failed";
        case RunState::complete:
            return "complete";
    }
    return "";
}

std::string to_json(const RunStatus& status) {
    Json json = codec::begin(status_format);
    json["state"] = to_string(status.state);
    json["started"] = status.started;
    codec::put_unless_empty(json, "ended", status.ended);
    json["simulated"] = status.simulated;
    codec::put_unless_empty(json, "reason", status.reason);
    json["arms"] = status.arms;
    json["host_restored"] = status.host_restored;
    if (!status.kept.empty()) json["kept"] = status.kept;
    return codec::to_document(json);
}

Result<RunStatus> status_from_json(std::string_view text) {
    return codec::decode(text, status_format, codec::max_document_bytes, decode_status);
}

CountingAttempts counting_attempts(const std::vector<Event>& events) {
    CountingAttempts attempts;
    for (const Event& event : events) {
        if (event.kind != "block_ended" || event.block < 0) continue;
        int& attempt = attempts.try_emplace(event.block, event.attempt).first->second;
        attempt = std::max(attempt, event.attempt);
    }
    return attempts;
}

}  // namespace passbench

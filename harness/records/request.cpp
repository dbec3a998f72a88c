#include "harness/records/request.hpp"

#include "harness/records/plan_codec.hpp"

namespace passbench {
namespace {

using codec::Json;
using codec::Place;

constexpr codec::Format request_format = {.name = "passbench.request", .version = 1};
constexpr std::size_t max_trials = 100'000;

TrialRequest decode_trial(const Place& place) {
    const Place what = place.member("what");
    const Place seed = place.member("seed");
    return {.what = codec::decode_planned_case(what), .trial = place.small("trial"), .seed = seed.as_unsigned()};
}

SimulatedDevice decode_simulated(const Place& place) {
    const Place seed = place.member("seed");
    return {.driver = place.nonempty_text("driver"),
            .seed = seed.as_unsigned(),
            .inject_host = place.number("inject_host"),
            .inject_device = place.number("inject_device")};
}

JobRequest decode_request(const Place& document) {
    JobRequest request;
    request.arm = document.nonempty_text("arm");
    request.block = document.small("block");
    request.attempt = document.small("attempt");
    request.iterations = document.small("iterations", 1);
    request.stop = document.word("stop", {StopRule::fixed, StopRule::precision});
    request.warmup_ns = document.integer("warmup_ns");
    request.warmup_cap_ns = document.integer("warmup_cap_ns");
    request.trial_timeout_ns = document.integer("trial_timeout_ns");
    request.cpus = document.small("cpus");
    if (document.has("host_memory_bytes")) request.host_memory_bytes = document.integer("host_memory_bytes", 1);
    if (document.has("simulate")) {
        const Place simulate = document.member("simulate");
        request.simulate = decode_simulated(simulate);
    }
    document.each("trials", max_trials, [&](const Place& trial) { request.trials.push_back(decode_trial(trial)); });
    return request;
}

}  // namespace

std::string to_json(const JobRequest& request) {
    Json json = codec::begin(request_format);
    json["arm"] = request.arm;
    json["block"] = request.block;
    json["attempt"] = request.attempt;
    json["iterations"] = request.iterations;
    json["stop"] = to_string(request.stop);
    json["warmup_ns"] = request.warmup_ns;
    json["warmup_cap_ns"] = request.warmup_cap_ns;
    json["trial_timeout_ns"] = request.trial_timeout_ns;
    json["cpus"] = request.cpus;
    if (request.host_memory_bytes > 0) json["host_memory_bytes"] = request.host_memory_bytes;
    if (request.simulate) {
        json["simulate"] = {{"driver", request.simulate->driver},
                            {"seed", request.simulate->seed},
                            {"inject_host", request.simulate->inject_host},
                            {"inject_device", request.simulate->inject_device}};
    }
    json["trials"] = Json::array();
    for (const TrialRequest& trial : request.trials) {
        json["trials"].push_back({{"what", codec::encode(trial.what)}, {"trial", trial.trial}, {"seed", trial.seed}});
    }
    return codec::to_document(json);
}

Result<JobRequest> request_from_json(std::string_view text) {
    return codec::decode(text, request_format, codec::max_plan_bytes, decode_request);
}

}  // namespace passbench

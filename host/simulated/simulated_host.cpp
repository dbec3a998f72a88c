#include "host/simulated/simulated_host.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/records/json_codec.hpp"
#include "host/simulated/actions.hpp"
#include "host/simulated/invariants.hpp"
#include "host/survey/host_keys.hpp"

namespace passbench {
namespace {

constexpr std::int64_t limit_bytes = std::int64_t{16} << 20;
constexpr std::string_view step_time = "Step-PassBenchTime";

SimulatedReply reply_of(ActionResult result) {
    if (auto* refused = std::get_if<FunctionError>(&result)) {
        return {.kind = SimulatedReply::Kind::refused, .error = std::move(*refused)};
    }
    return {.value = std::get<std::string>(std::move(result))};
}

/// What was planted for this call, taken out; the others of its function come one call closer.
std::optional<PlantedFault> take_fault(std::vector<PlantedFault>& faults, const std::string& function) {
    std::optional<PlantedFault> due;
    for (PlantedFault& fault : faults) {
        if (fault.function == function && --fault.nth == 0 && !due) due = fault;
    }
    std::erase_if(faults, [](const PlantedFault& fault) { return fault.nth <= 0; });
    return due;
}

/// All properties in which two states of a host differ, as changes from one to the other.
std::vector<PendingChange> changes_between(const HostFacts& before, const HostFacts& after, std::int64_t at_ns) {
    std::vector<PendingChange> changes;
    for (const auto& [resource, facts] : after) {
        const auto earlier = before.find(resource);
        for (const FactDifference& difference :
             differences(earlier == before.end() ? Facts() : earlier->second, facts)) {
            changes.push_back({.at_ns = at_ns,
                               .resource = resource,
                               .property = difference.key,
                               .value = difference.right,
                               .job = "Completing a change of " + resource});
        }
    }
    return changes;
}

}  // namespace

SimulatedHost::SimulatedHost(std::filesystem::path state_file, SimulatedState state)
    : state_file_(std::move(state_file)), state_(std::move(state)) {}

Result<SimulatedHost> SimulatedHost::create(const std::filesystem::path& state_file, SimulatedState state) {
    PASSBENCH_CHECK(make_folder(state_file.parent_path()));
    PASSBENCH_CHECK(replace_file(state_file, to_json(state)));
    return SimulatedHost(state_file, std::move(state));
}

Result<SimulatedHost> SimulatedHost::open(const std::filesystem::path& state_file) {
    PASSBENCH_TRY(const std::string text, read_file(state_file, limit_bytes));
    auto state = simulated_state_from_json(text);
    if (!state) return fail_in(std::move(state).error(), "reading the simulated host " + state_file.string());
    return SimulatedHost(state_file, *std::move(state));
}

void SimulatedHost::save() {
    if (at_moment) at_moment();
    // Whole or not at all, for programs are killed here; not synced, for no power fails. A state that cannot be kept is a host that is
    // gone: whoever asks next is told by open().
    const std::filesystem::path beside = state_file_.string() + ".new";
    std::ofstream(beside, std::ios::binary) << to_json(state_);
    std::error_code ignored;
    std::filesystem::rename(beside, state_file_, ignored);
    if (at_moment) at_moment();
}

void SimulatedHost::plant(const PlantedFault& fault) {
    state_.faults.push_back(fault);
    save();
}

void SimulatedHost::forget_faults() {
    state_.faults.clear();
    save();
}

/// What is due by then arrives, in the order of its time.
void SimulatedHost::advance(std::int64_t duration_ns) {
    state_.now_ns += duration_ns;
    std::stable_sort(state_.pending.begin(), state_.pending.end(),
                     [](const PendingChange& left, const PendingChange& right) { return left.at_ns < right.at_ns; });
    while (!state_.pending.empty() && state_.pending.front().at_ns <= state_.now_ns) {
        const PendingChange change = state_.pending.front();
        state_.pending.erase(state_.pending.begin());
        put_fact(state_.facts, change);
        note_power(state_, change.resource);
    }
}

EngineClock SimulatedHost::clock() {
    return {.now_ns = [this] { return state_.now_ns; },
            .sleep =
                [this](std::int64_t duration_ns) {
                    const bool arrives = !state_.pending.empty();
                    advance(duration_ns);
                    if (arrives) save();
                }};
}

SimulatedReply SimulatedHost::misbehave(const PlantedFault& fault, const std::string& function,
                                        const std::string& arguments) {
    using Kind = SimulatedReply::Kind;
    const SimulatedReply refusal{.kind = Kind::refused,
                                 .error = {.message = fault.message, .id = fault.id, .hresult = fault.hresult}};
    switch (fault.what) {
        case Misbehaviour::refuse:
            return refusal;
        case Misbehaviour::do_nothing:
            return {};
        case Misbehaviour::hang:
            return {.kind = Kind::hangs};
        case Misbehaviour::die:
            return {.kind = Kind::dies};
        case Misbehaviour::late: {
            SimulatedState done = state_;
            auto reply = reply_of(act(done, function, arguments));
            // What would have come later comes so much later too.
            for (PendingChange change : done.pending) {
                if (std::find(state_.pending.begin(), state_.pending.end(), change) != state_.pending.end()) continue;
                change.at_ns += fault.delay_ns;
                state_.pending.push_back(std::move(change));
            }
            for (PendingChange& change : changes_between(state_.facts, done.facts, state_.now_ns + fault.delay_ns)) {
                state_.pending.push_back(std::move(change));
            }
            return reply;
        }
        case Misbehaviour::refuse_after:
        case Misbehaviour::die_after:
        case Misbehaviour::garbage:
            break;
    }
    auto reply = reply_of(act(state_, function, arguments));
    if (reply.kind == Kind::refused) return reply;
    if (fault.what == Misbehaviour::refuse_after) return refusal;
    return {.kind = fault.what == Misbehaviour::die_after ? Kind::dies : Kind::garbage};
}

SimulatedReply SimulatedHost::answer(const std::string& function, const std::string& arguments) {
    if (function == step_time) {
        const auto duration = codec::decode(arguments, codec::max_line_bytes,
                                            [](const codec::Json& root) { return codec::Place(root).integer("ns"); });
        if (!duration) return {.kind = SimulatedReply::Kind::refused, .error = {.message = duration.error().what}};
        advance(*duration);
        save();
        return {.value = "{\"now_ns\":" + std::to_string(state_.now_ns) + "}"};
    }
    const auto fault = take_fault(state_.faults, function);
    auto reply = fault ? misbehave(*fault, function, arguments) : reply_of(act(state_, function, arguments));
    if (fault || !only_looks(function)) save();
    if (const auto broken = violations(state_); !broken.empty()) {
        return {.kind = SimulatedReply::Kind::refused,
                .error = {.message = "No host is ever so: " + broken.front(), .id = "SimulatedHostBroken"}};
    }
    return reply;
}

Result<std::string> SimulatedHost::call(const std::string& function, const std::string& arguments) {
    auto reply = answer(function, arguments);
    switch (reply.kind) {
        case SimulatedReply::Kind::value:
            return std::move(reply.value);
        case SimulatedReply::Kind::refused:
            return fail(to_error(function, reply.error));
        case SimulatedReply::Kind::garbage:
            return fail({.code = ErrorCode::bad_record, .what = "the host answered with garbage", .where = function});
        case SimulatedReply::Kind::hangs:
            return fail({.code = ErrorCode::timeout, .what = "the host does not answer", .where = function});
        case SimulatedReply::Kind::dies:
            return fail({.code = ErrorCode::agent_lost, .what = "the host's interpreter ended", .where = function});
    }
    return fail({.code = ErrorCode::io, .what = "no reply", .where = function});
}

}  // namespace passbench

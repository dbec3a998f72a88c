#include "host/providers/ssh_provider.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/core/durable_files.hpp"
#include "harness/records/card_properties.hpp"
#include "harness/records/file_names.hpp"
#include "host/carriers/scratch_folder.hpp"
#include "host/providers/guest_bundle.hpp"
#include "host/providers/machine_demand.hpp"
#include "host/providers/ssh_lease_name.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// In the order of the steps: the clock of a card holds only while persistence mode is on.
constexpr std::array<std::string_view, 2> card_preparations = {"gpu_persistence", "gpu_clocks"};
constexpr std::array<std::string_view, 2> cpu_preparations = {"cpu_governor", "cpu_turbo"};

template <std::size_t Size>
bool is_among(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Error cannot_prepare(const std::string& key) {
    if (is_among(cpu_preparations, key)) {
        return {.code = ErrorCode::unsupported,
                .what = key + " cannot be set through ssh",
                .where = "[prepare] " + key,
                .fix = "Set it on that machine by hand, and take the line of " + key + " out of [prepare]."};
    }
    return {.code = ErrorCode::usage,
            .what = "the provider ssh cannot prepare '" + key + "'",
            .where = "[prepare] " + key,
            .fix = "It knows: gpu_clocks, gpu_persistence."};
}

}  // namespace

SshProvider::SshProvider(SshGuest guest)
    : guest_(std::move(guest)), connection_(std::make_shared<SshConnection>(guest_.settings)) {}

std::string SshProvider::lease_name() const {
    return to_string(SshLease{.settings = guest_.settings, .cards = guest_.cards});
}

std::string SshProvider::machine_resource() const { return "machine/" + to_string(guest_.settings); }

std::unique_ptr<Carrier> SshProvider::carrier() { return std::make_unique<SshCarrier>(connection_); }

Result<std::string> SshProvider::bring(const Result<std::vector<BundleFile>>& files) {
    if (!files) return fail(files.error());
    return SshCarrier(connection_).put_bundle(*files);
}

Result<std::string> SshProvider::agent_path() { return chosen_agent(guest_.agent.string()); }

Result<std::string> SshProvider::chosen_agent(const std::string& chosen) {
    const auto known = brought_.find(chosen);
    if (known != brought_.end()) return known->second;
    auto folder = bring(guest_bundle(chosen.empty() ? guest_.agent : fs::path(chosen)));
    if (!folder) return fail_in(std::move(folder).error(), "bringing passbench-agent to " + to_string(guest_.settings));
    return brought_[chosen] = *folder + "/passbench-agent";
}

Result<std::string> SshProvider::stand_in_driver(const std::string& /*agent*/) {
    if (stand_ins_.empty()) {
        PASSBENCH_TRY(stand_ins_, bring(stand_in_bundle()));
    }
    return stand_ins_ + "/libcuda.so.1";
}

Result<std::string> SshProvider::stand_in_nvml() {
    if (guest_.cards != PreparedCards::simulated) return std::string();
    PASSBENCH_TRY(const std::string driver, stand_in_driver(""));
    return driver.substr(0, driver.rfind('/')) + "/libnvidia-ml.so.1";
}

Result<Facts> SshProvider::probe_machine() {
    constexpr std::int64_t deadline_ns = 60'000'000'000;
    constexpr std::int64_t most_bytes = 16 << 20;
    PASSBENCH_TRY(const std::string agent, agent_path());
    SshCarrier guest(connection_);
    PASSBENCH_TRY(const std::string folder, guest.make_job_folder("survey"));
    PASSBENCH_TRY(const ExecResult ended, guest.exec({agent, "probe", folder}, deadline_ns, {}));
    PASSBENCH_TRY(const ScratchFolder scratch, ScratchFolder::make(fs::temp_directory_path()));
    PASSBENCH_CHECK(guest.get(folder, scratch.path()));
    const auto text = read_file(scratch.path() / file_name::environment, most_bytes);
    if (ended.exit_code != 0 || !text) {
        return fail({.code = ErrorCode::agent_lost,
                     .what = "the agent ended with exit code " + std::to_string(ended.exit_code) +
                             " and no word about its machine: " + ended.output.substr(0, 400),
                     .where = machine_resource(),
                     .fix = "Start it there by hand: " + agent +
                            " probe FOLDER. Use the agent of the same build as passbench."});
    }
    PASSBENCH_TRY(const Environment seen, environment_from_json(*text));
    PASSBENCH_TRY(const GuestStore store, connection_->store());
    Facts machine = {{"arrivals", "checked by " + store.check}};
    if (const auto cpus = fact_int(seen.identity, "cpus")) machine.emplace(machine_cpus, *cpus);
    if (const auto memory = fact_int(seen.context, "memory.total_bytes")) machine.emplace(machine_memory, *memory);
    return machine;
}

Result<HostFacts> SshProvider::survey() {
    if (!machine_) {
        PASSBENCH_TRY(machine_, probe_machine());
    }
    HostFacts facts = {{machine_resource(), *machine_}};
    if (guest_.cards == PreparedCards::untouched) return facts;
    PASSBENCH_TRY(const std::string agent, agent_path());
    PASSBENCH_TRY(const std::string stand_in, stand_in_nvml());
    SshCarrier guest(connection_);
    PASSBENCH_TRY(HostFacts cards, ask_for_cards({.carrier = guest, .agent = agent, .stand_in = stand_in}));
    facts.merge(std::move(cards));
    return facts;
}

Result<void> SshProvider::set(const std::string& resource, const std::string& property, const std::string& value) {
    const std::string key = preparation_of(property);
    if (guest_.cards == PreparedCards::untouched || !is_card_resource(resource) || key.empty()) {
        return fail({.code = ErrorCode::usage,
                     .what = "this provider cannot set " + resource + " " + property,
                     .where = "provider ssh",
                     .fix = "Check lab.toml and the journal; a journal of another machine cannot be restored here."});
    }
    PASSBENCH_TRY(const std::string agent, agent_path());
    PASSBENCH_TRY(const std::string stand_in, stand_in_nvml());
    SshCarrier guest(connection_);
    auto set = set_card({.carrier = guest, .agent = agent, .stand_in = stand_in}, resource, property, value);
    if (!set) return fail(placed(std::move(set).error(), guest_.asked_at, key));
    return {};
}

Result<std::vector<Step>> SshProvider::steps(const HostFacts& facts, const LeaseRequest& request) const {
    if (const auto machine = facts.find(machine_resource()); machine != facts.end()) {
        PASSBENCH_CHECK(check_machine(machine->second, request.machine));
    }
    for (const auto& [key, wanted] : request.prepare) {
        if (!is_among(card_preparations, key)) return fail(placed(cannot_prepare(key), guest_.asked_at, key));
    }
    std::vector<Step> steps;
    for (const std::string_view name : card_preparations) {
        const std::string key(name);
        if (!request.prepare.contains(key)) continue;
        auto more = card_steps(key, facts, request.prepare);
        if (!more) return fail(placed(std::move(more).error(), guest_.asked_at, key));
        std::move(more->begin(), more->end(), std::back_inserter(steps));
    }
    return steps;
}

}  // namespace passbench

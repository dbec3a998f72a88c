#include "guest/agent/trial.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <new>
#include <optional>

#include <fmt/core.h>

#include "guest/agent/card_claim.hpp"
#include "guest/agent/sampling.hpp"
#include "guest/probe/passthrough.hpp"
#include "guest/probe/probe.hpp"
#include "harness/catalogue/workload.hpp"
#include "harness/core/random.hpp"
#include "harness/core/thread_pool.hpp"
#include "harness/core/units.hpp"

namespace passbench {
namespace {

/// The parameters, checked against the catalogue like all that comes from outside. Values of two versions of a workload are never
/// compared, so an agent of another version must not measure at all.
Result<Parameters> checked_parameters(const PlannedCase& what) {
    const Workload* known = find_workload(what.workload);
    if (known == nullptr) return what.parameters;  // no form has this name either, unless a test brought one
    if (known->version != what.workload_version) {
        return fail({.code = ErrorCode::precondition,
                     .what = fmt::format("the plan asks for version {} of workload {}, this agent has version {}",
                                         what.workload_version, what.workload, known->version),
                     .where = what.name,
                     .fix = "Bring the agent of the controller's own build to this machine."});
    }
    return complete_parameters(*known, what.form, what.parameters);
}

/// "host 3 %, device 2 %"; empty where nothing is planted.
std::string planted(const SimulatedDevice& device) {
    std::string text;
    if (device.inject_host != 0) text = "host " + format_percent(device.inject_host);
    if (device.inject_device != 0)
        text += (text.empty() ? "" : ", ") + std::string("device ") + format_percent(device.inject_device);
    return text;
}

/// A virtual clock has every nanosecond, and reading it costs 20 of its own.
constexpr TimerQuality virtual_timer = {.resolution_ns = 1, .cost_ns = 20};

/// Of a warm-up in virtual time: enough for three windows of five.
constexpr std::size_t most_simulated_samples = 32;

/// What the measured part of a trial has come to.
class MeasuredTrial {
public:
    MeasuredTrial(const JobRequest& job, WorkloadInstance& instance, const TimerQuality& timer)
        : job_(job), instance_(instance), timer_(instance.is_simulated() ? virtual_timer : timer), sampler_(instance) {}

    /// The first iteration of the process (R3.1): its own metric, one value a trial.
    Result<void> cold_start() {
        std::vector<std::int64_t> one(1);
        PASSBENCH_CHECK(sampler_.take(one, 1));
        put_chunk(Phase::cold, 0, 1, std::move(one), sampler_.hand_over(1));
        return {};
    }

    Result<void> warm_up() {
        const TakeSamples take_wall = [this](std::span<std::int64_t> wall_ns, std::int64_t batch) {
            return sampler_.take_wall_alone(wall_ns, batch);
        };
        PASSBENCH_TRY(
            WarmedUp warmed,
            passbench::warm_up({.warmup_ns = job_.warmup_ns,
                                .cap_ns = job_.warmup_cap_ns,
                                .timer_resolution_ns = timer_.resolution_ns,
                                .may_batch = instance_.may_batch(),
                                .most_samples = instance_.is_simulated() ? most_simulated_samples
                                                                         : std::numeric_limits<std::size_t>::max()},
                               take_wall));
        put(trial_fact::warmup_ns, warmed.spent_ns);
        put(trial_fact::steady, warmed.steady);
        batch_ = warmed.batch;
        std::int64_t first = 0;
        for (Samples& samples : warmed.samples) {
            const auto count = static_cast<std::int64_t>(samples.wall_ns.size());
            if (count == 0) continue;
            put_chunk(Phase::warmup, first, samples.batch, std::move(samples.wall_ns), {});
            first += count;
        }
        return {};
    }

    Result<void> measure() {
        const TakeSamples take = [this](std::span<std::int64_t> wall_ns, std::int64_t batch) {
            return sampler_.take(wall_ns, batch);
        };
        PASSBENCH_TRY(TakenSamples measured, job_.stop == StopRule::precision
                                                 ? measure_to_precision(batch_, take)
                                                 : measure_count(job_.iterations, batch_, take));
        median_ns_ = median_of(measured.wall_ns);
        put(trial_fact::stopped_by, std::string(measured.stopped_by));
        put(trial_fact::timer_ok, median_ns_ >= timer_margin * timer_.resolution_ns);
        const std::size_t count = measured.wall_ns.size();
        put_chunk(Phase::measure, 0, batch_, std::move(measured.wall_ns), sampler_.hand_over(count));
        return {};
    }

    /// Right after measuring, while clocks and memory are as they were.
    Result<void> measure_limit() {
        PASSBENCH_TRY(const std::optional<InstanceLimit> limit, instance_.limit());
        has_limit_ = limit && limit->kind != LimitKind::none;
        if (!limit) return {};
        put(trial_fact::limit_kind, std::string(to_string(limit->kind)));
        put(trial_fact::limit_formula, limit->formula);
        if (limit->kind == LimitKind::none) return {};
        put(trial_fact::limit_value, limit->value);
        put(trial_fact::limit_metric, limit->metric);
        return {};
    }

    /// What the card did meanwhile.
    void describe(const GpuWatch& watch) {
        for (auto& [key, value] : watch.facts()) put(key, std::move(value));
        if (const auto broken = watch.broken_invariant(instance_.device_memory_bytes())) {
            put(trial_fact::invariant, broken->what + ". " + broken->fix);
            put(trial_fact::finding, broken->finding);
        }
        // Where the kernel shows the link the value has a limit, and is flagged by it.
        if (has_limit_ || instance_.bus_bytes() == 0 || median_ns_ == 0) return;
        const double bytes_a_ns = static_cast<double>(instance_.bus_bytes() * batch_) / static_cast<double>(median_ns_);
        constexpr double ns_a_second = 1e9;
        if (auto slow = watch.slow_link(bytes_a_ns * ns_a_second)) put(trial_fact::slow_link, *std::move(slow));
    }

    void describe(const PlannedCase& what) {
        put(trial_fact::threads, std::int64_t{instance_.threads()});
        put(trial_fact::isa, instance_.isa());
        if (!instance_.device().empty()) put(trial_fact::device, instance_.device());
        if (instance_.is_simulated() && job_.simulate) {
            if (std::string words = planted(*job_.simulate); !words.empty())
                put(trial_fact::injected, std::move(words));
        }
        for (auto& [key, value] : instance_.facts()) put(key, std::move(value));
        put(trial_fact::verified, true);
        if (const Workload* workload = find_workload(what.workload)) {
            put(trial_fact::check, std::string(workload->check));
        }
        put(trial_fact::timer_resolution_ns, timer_.resolution_ns);
        put(trial_fact::timer_cost_ns, timer_.cost_ns);
    }

    [[nodiscard]] Facts take_facts() { return std::move(facts_); }
    [[nodiscard]] std::vector<TrialChunk> take_chunks() { return std::move(chunks_); }

private:
    void put_chunk(Phase phase, std::int64_t first, std::int64_t batch, std::vector<std::int64_t> wall_ns,
                   std::vector<Column> device) {
        chunks_.push_back({phase, first, batch * instance_.ops(), std::move(wall_ns), std::move(device)});
    }
    void put(std::string_view key, Fact value) { facts_[std::string(key)] = std::move(value); }

    const JobRequest& job_;
    WorkloadInstance& instance_;
    const TimerQuality timer_;
    Sampler sampler_;
    std::int64_t batch_ = 1;
    std::int64_t median_ns_ = 0;  // of a measured sample
    bool has_limit_ = false;
    Facts facts_;
    std::vector<TrialChunk> chunks_;
};

/// Reads the card; an error where the trial must not go on.
Result<void> look(GpuWatch* watch, std::string_view name) {
    if (watch == nullptr) return {};
    watch->look(name);
    return watch->may_go_on();
}

std::function<Result<void>()> look_at_work(GpuWatch* watch) {
    if (watch == nullptr) return {};
    return [watch] {
        watch->look_at_work(steady_ns());
        return watch->may_go_on();
    };
}

Result<TrialOutcome> try_trial(const JobRequest& job, const TrialRequest& trial, const TimerQuality& timer,
                               std::span<const WorkloadForm> forms, GpuWatch* watch) {
    PASSBENCH_TRY(const Parameters parameters, checked_parameters(trial.what));
    const WorkloadForm* form = find_form(forms, trial.what.workload, trial.what.form);
    if (form == nullptr) {
        return fail(
            {.code = ErrorCode::unsupported,
             .what = fmt::format("this agent has no {} form of {}", to_string(trial.what.form), trial.what.workload),
             .where = trial.what.name,
             .fix = "Use an agent that was built with it, or leave the form out of the scenario."});
    }
    PASSBENCH_TRY(std::vector<int> cpus, trial_cpus(job.cpus));
    ThreadPool pool(std::move(cpus));
    PASSBENCH_TRY(
        const std::unique_ptr<WorkloadInstance> instance,
        form->prepare(
            parameters,
            {.pool = pool, .seed = trial.seed, .driver = driver_of(job, trial), .may_go_on = look_at_work(watch)}));
    // A simulated device is of its process alone.
    PASSBENCH_TRY(const CardClaim claim, CardClaim::take(instance->is_simulated() ? "" : instance->device_uuid()));
    if (watch != nullptr) watch->choose(instance->device_uuid());
    MeasuredTrial measured(job, *instance, timer);
    PASSBENCH_CHECK(look(watch, "prepared"));
    PASSBENCH_CHECK(measured.cold_start());
    PASSBENCH_CHECK(instance->verify());
    PASSBENCH_CHECK(measured.warm_up());
    PASSBENCH_CHECK(look(watch, "warmed_up"));
    PASSBENCH_CHECK(measured.measure());
    PASSBENCH_CHECK(look(watch, "measured"));
    PASSBENCH_CHECK(measured.measure_limit());
    // Once more (R1.2): a CPU or memory that errs does so under load, not in the first iteration.
    PASSBENCH_CHECK(instance->fetch_results());
    PASSBENCH_CHECK(instance->check_results());
    measured.describe(trial.what);
    if (watch != nullptr) measured.describe(*watch);
    TrialOutcome outcome{.event = trial_event("trial_ended", job, trial),
                         .chunks = measured.take_chunks(),
                         .telemetry = {},
                         .simulated = instance->is_simulated()};
    outcome.event.facts = measured.take_facts();
    outcome.event.facts["threads.pinned"] = pool.pinned();
    return outcome;
}

}  // namespace

DriverChoice driver_of(const JobRequest& job, const TrialRequest& trial) {
    if (!job.simulate) {
        return {.passthrough = passthrough_of(files_of_this_machine(), hypervisor_signature()),
                .host_memory_bytes = job.host_memory_bytes};
    }
    const std::string purpose = fmt::format("{}/{}/{}/{}", job.arm, job.block, trial.trial, trial.what.name);
    return {.library = job.simulate->driver,
            .passthrough = job.arm,
            .host_memory_bytes = job.host_memory_bytes,
            .seed = derive_seed(job.simulate->seed, purpose),
            .inject_host = job.simulate->inject_host,
            .inject_device = job.simulate->inject_device};
}

Event trial_event(std::string_view kind, const JobRequest& job, const TrialRequest& trial) {
    Event event;
    event.kind = kind;
    event.at = utc_now();
    event.case_name = trial.what.name;
    event.arm = job.arm;
    event.block = job.block;
    event.trial = trial.trial;
    event.attempt = job.attempt;
    return event;
}

Event failed_event(const JobRequest& job, const TrialRequest& trial, const Error& error) {
    // What this machine cannot do is not a failure: the case is not applicable here (R1.5).
    const bool skipped = error.code == ErrorCode::unsupported;
    Event event = trial_event(skipped ? "trial_skipped" : "trial_failed", job, trial);
    event.facts[std::string(trial_fact::code)] = std::string(to_string(error.code));
    if (!error.finding.empty()) event.facts[std::string(trial_fact::finding)] = error.finding;
    event.facts[std::string(trial_fact::reason)] = error.fix.empty() ? error.what : error.what + ". " + error.fix;
    return event;
}

Result<std::vector<int>> trial_cpus(int wanted) {
    std::vector<int> cpus = usable_cpus();
    if (wanted > static_cast<int>(cpus.size())) {
        return fail({.code = ErrorCode::precondition,
                     .what = fmt::format("the plan asks for {} CPUs, this machine lets us use {}", wanted, cpus.size()),
                     .where = {},
                     .fix = "Give the machine more CPUs, or ask for fewer under `machine` in the scenario."});
    }
    if (wanted > 0) cpus.resize(static_cast<std::size_t>(wanted));
    return cpus;
}

std::optional<GpuWatch> watch_of(const JobRequest& job, const TrialRequest& trial) {
    if (trial.what.form != Form::cuda) return std::nullopt;
    const std::filesystem::path driver = job.simulate ? job.simulate->driver : "";
    return GpuWatch::start(Nvml::load(job.simulate ? (driver.parent_path() / "libnvidia-ml.so.1").string() : ""));
}

TrialOutcome run_trial(const JobRequest& job, const TrialRequest& trial, const TimerQuality& timer,
                       std::span<const WorkloadForm> forms, GpuWatch* watch) {
    Result<TrialOutcome> tried = fail({});
    try {
        tried = try_trial(job, trial, timer, forms, watch);
    } catch (const std::bad_alloc&) {
        tried = fail({.code = ErrorCode::out_of_memory,
                      .what = "this machine has not enough memory for the case",
                      .where = trial.what.name,
                      .fix = "Free memory, or take smaller sizes."});
    }
    TrialOutcome outcome =
        tried ? *std::move(tried)
              : TrialOutcome{.event = failed_event(job, trial, tried.error()), .chunks = {}, .telemetry = {}};
    if (watch == nullptr) return outcome;
    for (const GpuLook& seen : watch->looks()) {
        outcome.telemetry.push_back(trial_event("telemetry", job, trial));
        outcome.telemetry.back().at = seen.at;
        outcome.telemetry.back().facts = facts_of(seen);
    }
    return outcome;
}

}  // namespace passbench

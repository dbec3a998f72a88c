#include <benchmark/benchmark.h>

#include "kernels/bench/cases.hpp"

namespace passbench {

namespace {

constexpr std::uint64_t seed = 1;
constexpr double ns_a_second = 1e9;

void count(benchmark::State& state, const BenchCase& what, std::int64_t ops) {
    using benchmark::Counter;
    const auto a_second = [&](std::int64_t work) {
        return Counter(static_cast<double>(work * ops), Counter::kIsIterationInvariantRate);
    };
    state.counters["seconds_per_op"] =
        Counter(static_cast<double>(ops), Counter::kIsIterationInvariantRate | Counter::kInvert);
    if (what.work.bytes > 0) state.counters["bandwidth"] = a_second(what.work.bytes);
    if (what.work.flops > 0) state.counters["flops"] = a_second(what.work.flops);
}

void run_case(benchmark::State& state, const BenchCase& what, WorkloadInstance& instance) {
    const WallClock now = instance.wall_clock();
    for ([[maybe_unused]] auto iteration : state) {
        const std::int64_t begin = now();
        instance.iterate();
        state.SetIterationTime(static_cast<double>(now() - begin) / ns_a_second);
    }
    // A device that failed returns at once, which would look very fast.
    auto checked = instance.fetch_results().and_then([&] { return instance.check_results(); });
    if (!checked) {
        state.SkipWithError(to_text(checked.error()).c_str());
        return;
    }
    count(state, what, instance.ops());
    state.SetLabel(!instance.device().empty() ? instance.device()
                                              : instance.isa() + ", " + std::to_string(instance.threads()) +
                                                    (instance.threads() == 1 ? " thread" : " threads"));
}

}  // namespace

std::string name_of(const BenchCase& what) { return case_name(what.form->workload, what.form->form, what.parameters); }

void CaseRegistry::add(const BenchCase& what) {
    const std::string name = name_of(what);
    benchmark::RegisterBenchmark(name.c_str(), [this, what, name](benchmark::State& state) {
        prepare(name, what);
        if (instance_ == nullptr) {
            state.SkipWithError(error_.c_str());
            return;
        }
        run_case(state, what, *instance_);
    })->UseManualTime();
}

// Google Benchmark calls a body several times until it knows how many iterations it wants; preparing a gigabyte each time would
// take longer than measuring it.
void CaseRegistry::prepare(const std::string& name, const BenchCase& what) {
    if (current_ == name) return;
    instance_.reset();
    current_ = name;
    auto prepared = what.form->prepare(what.parameters, {.pool = pool_, .seed = seed});
    if (!prepared) {
        error_ = to_text(prepared.error());
        return;
    }
    if (const auto verified = (*prepared)->verify(); !verified) {
        error_ = to_text(verified.error());
        return;
    }
    instance_ = *std::move(prepared);
}

}  // namespace passbench

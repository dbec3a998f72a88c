// fma: the recurrence v = odd - v; v = even - v, written as multiply-adds with the multiplier -1, on 12 registers a thread.
// All numbers are whole and small, so every step is exact, in f32 too, and the result is known without doing the steps.
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/core_clock.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/fma_inputs.hpp"
#include "kernels/cpu/fma_units.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cpu/topology.hpp"

namespace passbench {

namespace {

constexpr std::int64_t flops_an_op = 1 << 20;  // the catalogue's
// A multiple of 3, so that 12 accumulators divide it; an iteration takes some milliseconds.
constexpr std::int64_t ops_a_thread = 192;
constexpr std::int64_t flops_a_multiply_add = 2;
// Interleaved bursts of arithmetic and windows of clock measuring: together about 2 ms.
constexpr int clock_windows = 16;

struct Case {
    Target target;
    CpuFeatures cpu;
    std::uint64_t seed;
};

template <typename T>
class FmaInstance final : public WorkloadInstance {
public:
    FmaInstance(ThreadPool& pool, Case what, Buffer results)
        : pool_(pool),
          case_(std::move(what)),
          loop_(loop_of(loops_of(case_.target.isa))),
          lanes_(loops_of(case_.target.isa).register_bytes / sizeof(T)),
          inputs_(case_.seed),
          results_(std::move(results)),
          workers_(static_cast<std::size_t>(case_.target.threads)),
          work_([this](int worker) { loop_(operands(worker), pairs()); }) {
        for (int worker = 0; worker < threads(); ++worker) fill(worker);
    }

    /// Bytes of results that a case on `target` has.
    static std::size_t result_bytes(const Target& target) {
        return static_cast<std::size_t>(target.threads) * fma_accumulators * loops_of(target.isa).register_bytes;
    }

    void iterate() override { pool_.run(case_.target.threads, work_); }
    [[nodiscard]] std::int64_t ops() const override { return ops_a_thread * threads(); }
    [[nodiscard]] int threads() const override { return case_.target.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(case_.target.isa)); }

    [[nodiscard]] Result<void> verify() override {
        std::ranges::fill(results_.as<T>(), std::numeric_limits<T>::quiet_NaN());
        measure_clocks();  // before the timed iterations; limit() measures again after them
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        const std::span<const T> found = results_.as<T>();
        for (std::size_t i = 0; i < found.size(); ++i) {
            const T right = expected(i);
            if (same_bits(found[i], right)) continue;
            return fail({.code = ErrorCode::verify_failed,
                         .what = fmt::format("fma: accumulator {} of {} is {} where {} is right", i, found.size(),
                                             found[i], right),
                         .fix = wrong_result_fix});
        }
        return {};
    }

    [[nodiscard]] std::span<std::byte> results() override { return results_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(T)}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const auto units = fma_units(case_.cpu, case_.target.isa);
        if (!units) {
            return no_limit(units.error().what);
        }
        measure_clocks();
        double sum_hz = 0;
        for (const Worker& worker : workers_) sum_hz += worker.clock_hz;
        const double mean_hz = sum_hz / threads();
        // Two threads of one core share its units.
        const auto cpus = std::span(pool_.cpus()).first(static_cast<std::size_t>(threads()));
        const int cores = read_topology(cpus).cores.value_or(threads());
        const auto flops_a_cycle = static_cast<std::int64_t>(lanes_) * *units * flops_a_multiply_add;
        constexpr double hz_a_ghz = 1e9;
        std::string formula = fmt::format("{:.2f} GHz x {} FLOP/cycle x {} {}", mean_hz / hz_a_ghz, flops_a_cycle,
                                          cores, cores == threads() ? "thread" : "core");
        if (cores != 1) formula += 's';
        return InstanceLimit{.value = mean_hz * static_cast<double>(flops_a_cycle) * cores,
                             .kind = fma_limit_kind(case_.cpu, cores, threads()),
                             .metric = "flops",
                             .formula = std::move(formula)};
    }

private:
    static constexpr std::size_t most_lanes = widest_register_bytes / sizeof(T);

    struct alignas(widest_register_bytes) Worker {
        std::array<T, fma_accumulators * most_lanes> start;
        std::array<T, fma_accumulators * most_lanes> scratch;  // what a burst between two clock windows leaves
        std::array<T, most_lanes> multiplier;
        std::array<T, most_lanes> odd;
        std::array<T, most_lanes> even;
        double clock_hz = 0;  // the best that was seen
    };

    static FmaLoop<T> loop_of(const LoopTable& table) {
        if constexpr (std::is_same_v<T, float>) {
            return table.fma_f32;
        } else {
            return table.fma_f64;
        }
    }

    [[nodiscard]] std::size_t numbers_a_worker() const { return fma_accumulators * lanes_; }

    /// Times that the loop does its two steps, for `ops_a_thread` operations: at most 2^21.
    [[nodiscard]] std::int64_t pairs() const {
        const auto flops_a_pair = static_cast<std::int64_t>(2 * numbers_a_worker()) * flops_a_multiply_add;
        return ops_a_thread * flops_an_op / flops_a_pair;
    }

    [[nodiscard]] T expected(std::size_t i) const { return static_cast<T>(inputs_.result(i, i % lanes_, pairs())); }

    void fill(int index) {
        Worker& worker = workers_[static_cast<std::size_t>(index)];
        const std::size_t first = static_cast<std::size_t>(index) * numbers_a_worker();
        for (std::size_t i = 0; i < numbers_a_worker(); ++i) worker.start[i] = static_cast<T>(inputs_.start(first + i));
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
            worker.multiplier[lane] = -1;
            worker.odd[lane] = static_cast<T>(inputs_.odd(lane));
            worker.even[lane] = static_cast<T>(inputs_.even(lane));
        }
    }

    [[nodiscard]] FmaOperands<T> operands(int index) {
        Worker& worker = workers_[static_cast<std::size_t>(index)];
        return {.start = worker.start.data(),
                .multiplier = worker.multiplier.data(),
                .odd = worker.odd.data(),
                .even = worker.even.data(),
                .result = results_.as<T>().data() + static_cast<std::size_t>(index) * numbers_a_worker()};
    }

    /// On all threads at the same time, right after arithmetic of the same kind: a core lowers its clock under wide vectors
    /// and keeps it there for about a millisecond. The best of all windows counts, before and after the timed iterations,
    /// for the limit must be what cannot be exceeded.
    void measure_clocks() {
        pool_.run(threads(), [this](int index) {
            Worker& worker = workers_[static_cast<std::size_t>(index)];
            FmaOperands<T> burst = operands(index);
            burst.result = worker.scratch.data();
            constexpr std::int64_t bursts_an_iteration = 32;
            for (int window = 0; window < clock_windows; ++window) {
                loop_(burst, pairs() / bursts_an_iteration);
                worker.clock_hz = std::max(worker.clock_hz, measure_core_clock_hz());
            }
        });
    }

    ThreadPool& pool_;
    const Case case_;
    const FmaLoop<T> loop_;
    const std::size_t lanes_;
    const FmaInputs inputs_;
    Buffer results_;
    std::vector<Worker> workers_;
    const std::function<void(int)> work_;
};

template <typename T>
PreparedCase prepare_precision(const Case& what, ThreadPool& pool) {
    PASSBENCH_TRY(Buffer results, Buffer::allocate(FmaInstance<T>::result_bytes(what.target)));
    return std::make_unique<FmaInstance<T>>(pool, what, std::move(results));
}

}  // namespace

PreparedCase prepare_fma(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, widest_isa(cpu)));
    const Case what = {.target = target, .cpu = cpu, .seed = context.seed};
    return word_of(parameters, "precision") == "f32" ? prepare_precision<float>(what, context.pool)
                                                     : prepare_precision<double>(what, context.pool);
}

}  // namespace passbench

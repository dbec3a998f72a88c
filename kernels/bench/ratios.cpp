// passbench-ratios: what the CPU forms are worth, side by side in one process: triad against the loops that others write, fma
// against clock x units, memcpy against own copies, and what handing work to the pool costs. Medians of rounds taken in turns.
// Usage: passbench-ratios [triad] [fma] [copy] [dispatch]; without a word, all of them.
#include <algorithm>
#include <array>
#include <memory>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/babelstream_triad.hpp"
#include "kernels/bench/compare.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

namespace {

constexpr int rounds = 31;
constexpr std::uint64_t seed = 1;
constexpr double ns_a_second = 1e9;

Result<std::unique_ptr<WorkloadInstance>> prepare(const std::string& workload, const Parameters& given,
                                                  ThreadPool& pool) {
    PASSBENCH_TRY(const Parameters complete, complete_parameters(*find_workload(workload), Form::cpu, given));
    PASSBENCH_TRY(auto instance,
                  find_workload_form(workload, Form::cpu)->prepare(complete, {.pool = pool, .seed = seed}));
    PASSBENCH_CHECK(instance->verify());
    return instance;
}

void print_rates(std::span<const TimedWay> ways, double work, std::string_view unit) {
    for (const TimedWay& way : ways) {
        fmt::print("  {:<28} {:>12}\n", way.name, format_value(work / median_ns(way) * ns_a_second, unit));
    }
}

/// All ways use the same three arrays, in huge pages and touched first by their worker, so that the loops alone differ.
Result<void> compare_triads(ThreadPool& pool, int threads) {
    constexpr std::size_t array_bytes = std::size_t{256} << 20;
    constexpr std::size_t count = array_bytes / sizeof(double);
    constexpr std::size_t doubles_a_line = 8;
    std::array<Buffer, 3> buffers;
    for (Buffer& buffer : buffers) {
        PASSBENCH_TRY(buffer, Buffer::allocate(array_bytes));
    }
    double* const a = buffers[0].as<double>().data();
    double* const b = buffers[1].as<double>().data();
    double* const c = buffers[2].as<double>().data();
    const StreamArrays arrays = {.x = b, .y = c, .out = a};
    const auto in_shares = [&pool, threads](auto work) {
        return [&pool, threads, work] {
            pool.run(threads, [&](int worker) {
                const Share share = share_of(count, worker, threads, doubles_a_line);
                work(share.begin, share.end);
            });
        };
    };
    in_shares([=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            a[i] = 0;
            b[i] = 1;
            c[i] = 2;
        }
    })();

    const CpuFeatures cpu = detect_cpu();
    std::vector<Way> ways = {{"BabelStream-style plain loop", in_shares([=](std::size_t begin, std::size_t end) {
                                  babelstream_triad(a, b, c, 3, begin, end);
                              })}};
    const auto add_own = [&](const std::string& name, Isa isa, Stores stores) {
        const StreamLoop loop =
            loops_of(isa).stream[static_cast<std::size_t>(StreamOp::triad)][static_cast<std::size_t>(stores)];
        ways.push_back({name, in_shares([=](std::size_t begin, std::size_t end) { loop(arrays, 3, begin, end); })});
    };
    add_own("own plain, avx2", Isa::avx2, Stores::plain);
    if (supports(cpu, Isa::avx512)) add_own("own plain, avx512", Isa::avx512, Stores::plain);
    const std::size_t plain_ways = ways.size();
    add_own("own nontemporal, isa = best", memory_isa(cpu), Stores::nontemporal);

    const std::vector<TimedWay> timed = time_in_turns(ways, rounds);
    fmt::print("triad, 3 x 256 MiB, {} thread(s), bytes counted as STREAM does\n", threads);
    print_rates(timed, 3.0 * array_bytes, "B/s");
    const TimedWay& own = timed.back();
    std::size_t best = 0;
    for (std::size_t i = 1; i < plain_ways; ++i) {
        if (median_ns(timed[i]) < median_ns(timed[best])) best = i;
    }
    fmt::print("  own nontemporal / BabelStream-style  {:.2f}   (goal: at least 1.25)\n", median_speed(own, timed[0]));
    fmt::print("  own nontemporal / best plain loop    {:.2f}   (goal: at least 1; best was {})\n\n",
               median_speed(own, timed[best]), timed[best].name);
    return {};
}

Result<void> compare_fma(ThreadPool& pool) {
    fmt::print("fma: achieved / (own measured clock x units), goal: within 3 %\n");
    for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
        if (!supports(detect_cpu(), isa)) continue;
        for (const char* precision : {"f32", "f64"}) {
            for (const Value& threads : {Value(std::int64_t{1}), Value("all")}) {
                PASSBENCH_TRY(
                    const auto instance,
                    prepare("fma",
                            {{"isa", std::string(to_string(isa))}, {"precision", precision}, {"threads", threads}},
                            pool));
                const std::array<Way, 1> ways = {Way{"fma", [&] { instance->iterate(); }}};
                const std::vector<TimedWay> timed = time_in_turns(ways, 3 * rounds);
                PASSBENCH_TRY(const auto limit, instance->limit());
                constexpr double flops_an_op = 1 << 20;
                const double flops =
                    flops_an_op * static_cast<double>(instance->ops()) / median_ns(timed[0]) * ns_a_second;
                const std::string share = limit->kind == LimitKind::none ? "-" : format_percent(flops / limit->value);
                fmt::print("  {:<7} {}  {} thread(s)  {:>14}  {:>8}  {}\n", to_string(isa), precision,
                           instance->threads(), format_value(flops, "FLOP/s"), share, limit->formula);
            }
        }
    }
    fmt::print("\n");
    return {};
}

Result<void> compare_copies(ThreadPool& pool, std::int64_t bytes) {
    std::vector<std::unique_ptr<WorkloadInstance>> instances;
    std::vector<Way> ways;
    for (const char* method : {"memcpy", "plain", "nontemporal"}) {
        PASSBENCH_TRY(auto instance, prepare("copy", {{"bytes", bytes}, {"method", method}}, pool));
        ways.push_back({method, [body = instance.get()] { body->iterate(); }});
        instances.push_back(std::move(instance));
    }
    const std::vector<TimedWay> timed = time_in_turns(ways, rounds);
    fmt::print("copy of {}, {} thread(s), payload\n", format_bytes(bytes), pool.size());
    print_rates(timed, static_cast<double>(bytes * instances.front()->ops()), "B/s");
    fmt::print("  own plain / memcpy {:.2f}, own nontemporal / memcpy {:.2f}\n\n", median_speed(timed[1], timed[0]),
               median_speed(timed[2], timed[0]));
    return {};
}

Result<void> compare_dispatch(ThreadPool& pool) {
    constexpr int calls = 1000;
    const auto nothing = [](int) {};
    const std::function<void(int)> kept = nothing;
    const int all = pool.size();
    const std::vector<Way> ways = {
        {"run(1), std::function kept",
         [&] {
             for (int i = 0; i < calls; ++i) pool.run(1, kept);
         }},
        {"run(1), std::function made",
         [&] {
             for (int i = 0; i < calls; ++i) pool.run(1, nothing);
         }},
        {"run(all), std::function kept",
         [&] {
             for (int i = 0; i < calls; ++i) pool.run(all, kept);
         }},
        {"run(all), std::function made",
         [&] {
             for (int i = 0; i < calls; ++i) pool.run(all, nothing);
         }},
    };
    fmt::print("handing empty work to the pool of {}\n", all);
    for (const TimedWay& way : time_in_turns(ways, rounds)) {
        fmt::print("  {:<28} {:>12}\n", way.name, format_value(median_ns(way) / calls, "ns"));
    }
    for (const char* wait : {"spin", "block"}) {
        if (all < 2) break;
        PASSBENCH_TRY(const auto instance, prepare("dispatch", {{"wait", wait}}, pool));
        const std::array<Way, 1> one = {Way{wait, [&] { instance->iterate(); }}};
        const double ns = median_ns(time_in_turns(one, rounds)[0]) / static_cast<double>(instance->ops());
        fmt::print("  {:<28} {:>12}\n", fmt::format("workload dispatch, {}", wait), format_value(ns, "ns"));
    }
    return {};
}

Result<void> compare_all_triads(ThreadPool& pool) {
    PASSBENCH_CHECK(compare_triads(pool, 1));
    return pool.size() == 1 ? Result<void>() : compare_triads(pool, pool.size());
}

Result<void> compare_all_copies(ThreadPool& pool) {
    for (const std::int64_t bytes : {std::int64_t{4} << 10, std::int64_t{1} << 20, std::int64_t{256} << 20}) {
        PASSBENCH_CHECK(compare_copies(pool, bytes));
    }
    return {};
}

struct Comparison {
    std::string_view name;
    Result<void> (*run)(ThreadPool& pool);
};

constexpr std::array<Comparison, 4> comparisons = {Comparison{"triad", &compare_all_triads},
                                                   {"fma", &compare_fma},
                                                   {"copy", &compare_all_copies},
                                                   {"dispatch", &compare_dispatch}};

Result<void> run(const std::vector<std::string_view>& wanted) {
    if (!supports(detect_cpu(), Isa::avx2)) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "the comparisons are written for CPUs with AVX2, which this one lacks",
                     .fix = "Run passbench-kernels, which takes what the CPU has."});
    }
    for (const std::string_view name : wanted) {
        if (std::ranges::find(comparisons, name, &Comparison::name) != comparisons.end()) continue;
        return fail({.code = ErrorCode::usage,
                     .what = fmt::format("there is no comparison '{}'", name),
                     .fix = "Take one or more of triad, fma, copy and dispatch, or none for all."});
    }
    ThreadPool pool(usable_cpus());
    for (const Comparison& comparison : comparisons) {
        if (!wanted.empty() && std::ranges::find(wanted, comparison.name) == wanted.end()) continue;
        PASSBENCH_CHECK(comparison.run(pool));
    }
    return {};
}

}  // namespace

}  // namespace passbench

int main(int argc, char** argv) {
    const auto done = passbench::run({argv + 1, argv + argc});
    if (done) return 0;
    fmt::print(stderr, "{}\n", passbench::to_text(done.error()));
    return passbench::exit_code(done.error().code);
}

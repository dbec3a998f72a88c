// sort beside std::sort and, where the compiler has it, libstdc++'s parallel sort. Copying the keys back is timed for none of them.
#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"
#include "kernels/bench/ratios/parallel_sort.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/sort_inputs.hpp"

namespace passbench {

namespace {

constexpr int sort_rounds = 7;  // std::sort takes seconds

struct Rival {
    const char* name;
    void (*sort)(std::span<std::uint32_t> keys, int threads);
};

constexpr Rival std_sort = {"std::sort", [](std::span<std::uint32_t> keys, int) { std::ranges::sort(keys); }};
#if defined(PASSBENCH_PARALLEL_SORT)
constexpr Rival libstdcxx_parallel = {"libstdc++'s parallel sort", [](std::span<std::uint32_t> keys, int threads) {
                                          parallel_sort(keys.data(), keys.size(), threads);
                                      }};
#endif

template <typename Work>
double timed_ns(const Work& work) {
    const std::int64_t begin = steady_ns();
    work();
    return static_cast<double>(steady_ns() - begin);
}

Result<void> compare_with(const Rival& rival, std::int64_t bytes, const Value& threads, int count, ThreadPool& pool,
                          RatioReport& report) {
    PASSBENCH_TRY(const auto own, prepare_verified("sort", {{"bytes", bytes}, {"threads", threads}}, pool));
    PASSBENCH_TRY(const Buffer keys, Buffer::allocate(static_cast<std::size_t>(bytes)));
    PASSBENCH_TRY(const Buffer sorted, Buffer::allocate(static_cast<std::size_t>(bytes)));
    const std::span<std::uint32_t> to_sort = sorted.as<std::uint32_t>();
    const SortInputs inputs(ratio_seed, to_sort.size());
    pool.run([&](int worker) { inputs.fill(keys.as<std::uint32_t>(), share_of(to_sort.size(), worker, pool.size())); });
    TimedWay of_own = {.name = "own", .ns = {}};
    TimedWay of_rival = {.name = rival.name, .ns = {}};
    for (int round = 0; round < sort_rounds; ++round) {
        std::ranges::copy(keys.as<std::uint32_t>(), to_sort.begin());
        of_rival.ns.push_back(timed_ns([&] { rival.sort(to_sort, count); }));
        of_own.ns.push_back(timed_ns([&] { own->iterate(); }));
    }
    PASSBENCH_CHECK(inputs.check(pool, pool.size(), to_sort));
    report.title(fmt::format("sort of {} of 32-bit keys, {} thread(s)", format_bytes(bytes), count));
    report.rates(std::vector{of_own, of_rival}, static_cast<double>(to_sort.size()), "keys/s");
    report.add({.workload = "sort",
                .what = fmt::format("{}, {} thread(s): own / {}", format_bytes(bytes), count, rival.name),
                .value = median_speed(of_own, of_rival),
                .at_least = 1});
    return {};
}

}  // namespace

Result<void> compare_sorts(ThreadPool& pool, RatioReport& report) {
    constexpr std::int64_t mebibyte = 1 << 20;
    for (const std::int64_t bytes : {1 * mebibyte, 64 * mebibyte, 256 * mebibyte}) {
        PASSBENCH_CHECK(compare_with(std_sort, bytes, Value(std::int64_t{1}), 1, pool, report));
#if defined(PASSBENCH_PARALLEL_SORT)
        PASSBENCH_CHECK(compare_with(libstdcxx_parallel, bytes, Value("all"), pool.size(), pool, report));
#endif
    }
    return {};
}

}  // namespace passbench

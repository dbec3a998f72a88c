#include "kernels/cpu/memory_limit.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/loops.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;
constexpr int least_passes = 5;
constexpr int most_passes = 50;
constexpr std::int64_t enough_ns = 100'000'000;

struct alignas(line_bytes) Sum {
    double value = 0;
};

}  // namespace

double measure_read_bandwidth(ThreadPool& pool, int threads, std::span<const std::span<const std::byte>> buffers) {
    const ReadLoop read = loops_of(memory_isa(detect_cpu())).read;
    std::vector<Sum> sums(static_cast<std::size_t>(threads));
    const auto pass = [&](int worker) {
        double sum = 0;
        for (const auto& buffer : buffers) {
            const Share share = share_of(buffer.size(), worker, threads, line_bytes);
            sum += read(buffer.data() + share.begin, share.end - share.begin);
        }
        sums[static_cast<std::size_t>(worker)].value = sum;
    };
    std::size_t pass_bytes = 0;
    for (const auto& buffer : buffers) pass_bytes += buffer.size();

    std::int64_t best_ns = INT64_MAX;
    const std::int64_t until = steady_ns() + enough_ns;
    for (int passes = 0; passes < least_passes || (passes < most_passes && steady_ns() < until); ++passes) {
        const std::int64_t begin = steady_ns();
        pool.run(threads, pass);
        best_ns = std::min(best_ns, steady_ns() - begin);
    }
    constexpr double ns_per_s = 1e9;
    return static_cast<double>(pass_bytes) / static_cast<double>(best_ns) * ns_per_s;
}

InstanceLimit read_bandwidth_limit(ThreadPool& pool, int threads, std::span<const std::span<const std::byte>> buffers) {
    std::int64_t footprint_bytes = 0;
    for (const auto& buffer : buffers) footprint_bytes += static_cast<std::int64_t>(buffer.size());
    const Topology topology = read_topology(std::span(pool.cpus()).first(static_cast<std::size_t>(threads)));
    if (auto why_not = too_small_for_memory(footprint_bytes, topology)) return no_limit(*std::move(why_not));
    const double read = measure_read_bandwidth(pool, threads, buffers);
    return {
        .value = read,
        .kind = LimitKind::measured,
        .metric = "bandwidth",
        .formula = fmt::format("{} read by {} thread{}", format_value(read, "B/s"), threads, threads == 1 ? "" : "s")};
}

std::optional<std::string> too_small_for_memory(std::int64_t footprint_bytes, const Topology& topology) {
    constexpr std::int64_t caches = 4;  // STREAM's rule: "at least 4x the size of the sum of all the last-level caches"
    if (!topology.llc_bytes) return "no limit: the size of the last-level cache is not told here";
    if (footprint_bytes >= caches * *topology.llc_bytes) return std::nullopt;
    return "no limit: " + format_bytes(footprint_bytes) + " are under 4 x " + format_bytes(*topology.llc_bytes) +
           " of last-level cache";
}

}  // namespace passbench

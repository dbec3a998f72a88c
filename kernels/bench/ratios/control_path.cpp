// Fresh memory: what the workload does beside what most programs do, malloc and memset, and beside zeroing memory that is there.
#include <array>
#include <cstdlib>
#include <cstring>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"

namespace passbench {

namespace {

/// So that no compiler leaves the writing out.
void keep(void* memory) { asm volatile("" : : "r"(memory) : "memory"); }

void malloc_and_memset(std::size_t size_bytes) {
    void* const memory = std::malloc(size_bytes);
    if (memory == nullptr) return;
    std::memset(memory, 0, size_bytes);
    keep(memory);
    std::free(memory);
}

Result<void> compare_fresh_memory(std::int64_t bytes, ThreadPool& pool, RatioReport& report) {
    const auto size_bytes = static_cast<std::size_t>(bytes);
    PASSBENCH_TRY(const auto huge, prepare_verified("control-path", {{"op", "allocate"}, {"bytes", bytes}}, pool));
    PASSBENCH_TRY(const auto small,
                  prepare_verified("control-path", {{"op", "allocate"}, {"bytes", bytes}, {"pages", "small"}}, pool));
    PASSBENCH_TRY(const Buffer there, Buffer::allocate(size_bytes));
    const auto zero = [memory = there.bytes()] {
        std::memset(memory.data(), 0, memory.size());
        keep(memory.data());
    };
    const std::array<Way, 4> ways = {
        Way{"fresh huge pages", [&] { huge->iterate(); }}, Way{"fresh small pages", [&] { small->iterate(); }},
        Way{"malloc and memset", [&] { malloc_and_memset(size_bytes); }}, Way{"zeroing what is there", zero}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    report.title(fmt::format("fresh memory, {}", format_bytes(bytes)));
    report.rates(timed, static_cast<double>(bytes), "B/s");
    for (const std::size_t rival : {2U, 3U}) {
        report.add({.workload = "control-path",
                    .what = fmt::format("allocate {}: {} / {}", format_bytes(bytes), timed[0].name, timed[rival].name),
                    .value = median_speed(timed[0], timed[rival]),
                    .at_least = std::nullopt});
    }
    return {};
}

}  // namespace

Result<void> compare_control_path(ThreadPool& pool, RatioReport& report) {
    for (const std::int64_t bytes : {std::int64_t{1} << 20, std::int64_t{256} << 20}) {
        PASSBENCH_CHECK(compare_fresh_memory(bytes, pool, report));
    }
    return {};
}

}  // namespace passbench

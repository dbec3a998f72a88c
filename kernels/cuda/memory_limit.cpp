#include "kernels/cuda/memory_limit.hpp"

#include <fmt/core.h>

#include "harness/core/units.hpp"

namespace passbench {

InstanceLimit device_memory_limit(const Gpu& gpu, std::int64_t footprint_bytes) {
    if (gpu.driver().is_simulated()) return no_limit("no limit: the device is simulated");
    const std::int64_t cache_bytes = gpu.attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
    // More than the 4 of CPUs: an array that is a sixteenth hit still looks at most 7 % too fast.
    constexpr std::int64_t caches = 16;
    if (footprint_bytes < caches * cache_bytes) {
        return no_limit(fmt::format("no limit: {} are under 16 x {} of L2 cache", format_bytes(footprint_bytes),
                                    format_bytes(cache_bytes)));
    }
    const int clock_khz = gpu.attribute(CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE);
    const int bus_bits = gpu.attribute(CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH);
    if (clock_khz == 0 || bus_bits == 0)
        return no_limit("no limit: the driver does not tell the memory's clock and width");
    constexpr double hz_a_khz = 1e3;
    constexpr double hz_a_ghz = 1e9;
    constexpr int bits_a_byte = 8;
    constexpr int transfers_a_cycle = 2;
    const double clock_hz = clock_khz * hz_a_khz;
    return {.value = clock_hz * transfers_a_cycle * bus_bits / bits_a_byte,
            .kind = LimitKind::physical,
            .metric = "bandwidth",
            .formula = fmt::format("{:.3f} GHz x 2 x {} bit", clock_hz / hz_a_ghz, bus_bits)};
}

}  // namespace passbench

#include "kernels/cpu/duplex_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/core.h>

#include "harness/core/random.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

namespace {

/// So many steps at once: value -> value x factor + addend, squared up (Brown, "Random number generation with arbitrary
/// strides", 1994).
struct Jump {
    std::uint32_t factor = 1;
    std::uint32_t addend = 0;

    static Jump of(std::uint64_t steps) {
        Jump jump;
        Jump power = {.factor = duplex_factor, .addend = duplex_addend};
        for (; steps > 0; steps >>= 1U) {
            if ((steps & 1U) != 0) {
                jump = {.factor = power.factor * jump.factor, .addend = power.factor * jump.addend + power.addend};
            }
            power = {.factor = power.factor * power.factor, .addend = power.factor * power.addend + power.addend};
        }
        return jump;
    }
};

}  // namespace

DuplexInputs::DuplexInputs(std::uint64_t seed)
    : key_(derive_seed(seed, "duplex/compute")), first_(seed), second_(derive_seed(seed, "duplex/second")) {}

std::uint32_t DuplexInputs::start(std::size_t i) const { return static_cast<std::uint32_t>(pattern_word(key_, i)); }

Result<void> DuplexInputs::check_copies(ThreadPool& pool, std::span<const std::byte> results,
                                        std::size_t copied) const {
    PASSBENCH_CHECK(first_.check(pool, pool.size(), results.first(copied), "duplex, the first copy"));
    return second_.check(pool, pool.size(), results.subspan(copied), "duplex, the copy the other way");
}

Result<void> DuplexInputs::check_compute(ThreadPool& pool, std::span<const std::byte> results, std::size_t copied,
                                         std::uint64_t steps) const {
    PASSBENCH_CHECK(first_.check(pool, pool.size(), results.first(copied), "duplex, the copy beside arithmetic"));
    const Jump jump = Jump::of(steps);
    const std::span<const std::byte> values = results.subspan(copied);
    const auto wrong = first_wrong(pool, pool.size(), values.size() / sizeof(std::uint32_t), [&](std::size_t i) {
        std::uint32_t value = 0;
        std::memcpy(&value, values.data() + i * sizeof(value), sizeof(value));
        return value != start(i) * jump.factor + jump.addend;
    });
    if (!wrong) return {};
    return fail(
        {.code = ErrorCode::verify_failed,
         .what = fmt::format("duplex, the arithmetic beside the copy: chain {} has a wrong value after {} steps",
                             *wrong, steps),
         .fix = wrong_result_fix});
}

std::uint32_t duplex_steps(std::size_t bytes, std::size_t bytes_a_step) {
    return static_cast<std::uint32_t>(std::max<std::size_t>(1, bytes / bytes_a_step));
}

std::int64_t overlap_ppm(double first_ns, double second_ns, double both_ns) {
    constexpr double millionths = 1e6;
    const double shorter = std::min(first_ns, second_ns);
    return shorter <= 0 ? 0 : std::llround((first_ns + second_ns - both_ns) / shorter * millionths);
}

}  // namespace passbench

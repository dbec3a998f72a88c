// The array of roofline and its sums, the same for every form: whole floats from 1 to 128, added up, times a whole multiplier and
// once for each multiply-add, in chunks of roofline_chunk floats. All sums are exact, so they are compared bit for bit.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/loop_table.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

/// Which of the roofline_intensities a word of the catalogue is: its place among them.
[[nodiscard]] std::size_t roofline_intensity_of(std::string_view word);
/// Multiply-adds a float: 0 stands for the one addition of the lowest intensity.
[[nodiscard]] constexpr std::uint32_t roofline_fmas(std::size_t intensity) {
    return intensity == 0 ? 0 : std::uint32_t{1} << (intensity - 1);
}
/// Floating-point operations a byte.
[[nodiscard]] constexpr double roofline_flops_a_byte(std::size_t intensity) {
    return static_cast<double>(std::uint32_t{1} << intensity) / sizeof(float);
}
[[nodiscard]] constexpr std::size_t roofline_chunks(std::size_t count) {
    return (count + roofline_chunk - 1) / roofline_chunk;
}
/// "min(25.1 GB/s read x 8 FLOP/B, 98.3 GFLOP/s in registers)", the limit of metric flops.
[[nodiscard]] std::string roofline_formula(double bytes_a_second, std::size_t intensity, double flops);

class RooflineInputs {
public:
    explicit RooflineInputs(std::uint64_t of_trial)
        : key_(derive_seed(of_trial, "roofline")),
          multiplier_(2 + static_cast<std::uint32_t>(pattern_word(~key_, 0) % 7)) {}

    [[nodiscard]] float x(std::size_t i) const { return static_cast<float>(number(i)); }
    /// 2 to 8.
    [[nodiscard]] float multiplier() const { return static_cast<float>(multiplier_); }
    /// Compares the sums of all chunks of an array of `count` floats. Error `verify_failed` naming the first wrong one.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::size_t count, std::size_t intensity,
                                     std::span<const std::uint32_t> sums) const;

    /// What no sum is.
    static constexpr std::uint32_t spoiled = UINT32_MAX;

private:
    [[nodiscard]] std::uint32_t number(std::size_t i) const {
        return 1 + static_cast<std::uint32_t>(pattern_word(key_, i) & 127U);
    }
    [[nodiscard]] std::uint32_t right_sum(std::size_t chunk, std::size_t count, std::size_t intensity) const;

    std::uint64_t key_;
    std::uint32_t multiplier_;
};

}  // namespace passbench

#include "kernels/cpu/roofline_inputs.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

std::size_t roofline_intensity_of(std::string_view word) {
    // Powers of two from 0.25 on.
    constexpr double lowest = 0.25;
    const auto times_the_lowest = static_cast<std::uint32_t>(std::strtod(std::string(word).c_str(), nullptr) / lowest);
    return static_cast<std::size_t>(std::countr_zero(times_the_lowest));
}

std::string roofline_formula(double bytes_a_second, std::size_t intensity, double flops) {
    return fmt::format("min({} read x {:g} FLOP/B, {} in registers)", format_value(bytes_a_second, "B/s"),
                       roofline_flops_a_byte(intensity), format_value(flops, "FLOP/s"));
}

std::uint32_t RooflineInputs::right_sum(std::size_t chunk, std::size_t count, std::size_t intensity) const {
    const std::size_t begin = chunk * roofline_chunk;
    const std::size_t end = std::min(begin + roofline_chunk, count);
    std::uint32_t sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += number(i);
    return intensity == 0 ? sum : sum * multiplier_ * roofline_fmas(intensity);
}

Result<void> RooflineInputs::check(ThreadPool& pool, int threads, std::size_t count, std::size_t intensity,
                                   std::span<const std::uint32_t> sums) const {
    const auto wrong = first_wrong(pool, threads, roofline_chunks(count), [&](std::size_t chunk) {
        return sums[chunk] != right_sum(chunk, count, intensity);
    });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("roofline: the sum of chunk {} of {} is {} where {} is right", *wrong,
                                     roofline_chunks(count), sums[*wrong], right_sum(*wrong, count, intensity)),
                 .fix = wrong_result_fix});
}

}  // namespace passbench

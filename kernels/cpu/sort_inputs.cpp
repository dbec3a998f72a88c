#include "kernels/cpu/sort_inputs.hpp"

#include <bit>

#include <fmt/core.h>

#include "harness/core/random.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

namespace {

constexpr unsigned step_bits = 20;
constexpr unsigned key_bits = 32;

}  // namespace

SortInputs::SortInputs(std::uint64_t seed, std::size_t count)
    : count_(count),
      key_(derive_seed(seed, "sort/keys")),
      step_((std::uint64_t{1} << (key_bits + step_bits)) / count),
      width_(step_ >> step_bits),
      mask_(std::bit_ceil(count) - 1),
      half_bits_((static_cast<unsigned>(std::bit_width(mask_)) + 1) / 2),
      factor_{} {
    const std::uint64_t order_key = derive_seed(seed, "sort/order");
    for (std::uint64_t i = 0; i < 2; ++i) factor_[i] = pattern_word(order_key, i) | 1U;
}

std::uint32_t SortInputs::sorted_key(std::size_t k) const {
    const std::uint64_t place = ((pattern_word(key_, k) >> key_bits) * width_) >> key_bits;
    return static_cast<std::uint32_t>(((k * step_) >> step_bits) + place);
}

std::size_t SortInputs::order_of(std::size_t i) const {
    // Odd factors and shifts to the right permute the numbers of so many bits; what is beyond goes on until it is within.
    std::uint64_t order = i;
    do {
        for (const std::uint64_t factor : factor_) {
            order = (order * factor + (factor >> half_bits_)) & mask_;
            order ^= order >> half_bits_;
        }
    } while (order >= count_);
    return order;
}

Result<void> SortInputs::check(ThreadPool& pool, int threads, std::span<const std::uint32_t> found) const {
    const auto wrong = first_wrong(pool, threads, count_, [&](std::size_t k) { return found[k] != sorted_key(k); });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("sort: key {} of {} is {} where {} is right", *wrong, count_, found[*wrong],
                                     sorted_key(*wrong)),
                 .fix = wrong_result_fix});
}

}  // namespace passbench

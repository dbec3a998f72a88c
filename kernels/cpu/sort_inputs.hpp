// The inputs of sort and what must come out, the same for every form. The k-th key in order is a function of k: one of each of as
// many equal parts of the range, at a random place within. A permutation of the seed says where each of them stands in the
// input, so the result is known without sorting, and is compared key by key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {

class SortInputs {
public:
    /// For `count` keys, 1 to 2^30.
    SortInputs(std::uint64_t seed, std::size_t count);

    /// The k-th key in order; grows with every k.
    [[nodiscard]] std::uint32_t sorted_key(std::size_t k) const;
    /// The order of the i-th key of the input: a permutation of [0, count).
    [[nodiscard]] std::size_t order_of(std::size_t i) const;
    /// The keys of the share.
    void fill(std::span<std::uint32_t> keys, Share share) const {
        for (std::size_t i = share.begin; i < share.end; ++i) keys[i] = sorted_key(order_of(i));
    }
    /// Compares all keys. Error `verify_failed` naming the first wrong one.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::uint32_t> found) const;

private:
    std::size_t count_;
    std::uint64_t key_;
    std::uint64_t step_;   // the size of a part in 2^-20
    std::uint64_t width_;  // of which a key takes one of so many places
    std::uint64_t mask_;   // for the least power of two that is not under count
    unsigned half_bits_;
    std::uint64_t factor_[2];
};

}  // namespace passbench

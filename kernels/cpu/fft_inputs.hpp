// The points of fft and the check of its results, the same for every form. Inputs are multiples of 1/512 between -1 and 1. Results
// cannot be exact, so they are held to the bound that the error analysis gives, as the relative error of each transform taken as a
// vector: transformed back in double precision by code of its own, by its energy, and at sampled points by the defining sum.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/catalogue/case.hpp"
#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

/// Transforms of `size` points, or of squares of size x size, one after the other.
struct FftShape {
    int dimensions;  // 1 or 2
    std::size_t size;
    std::size_t batch;

    /// Of one transform.
    [[nodiscard]] std::size_t points() const { return dimensions == 2 ? size * size : size; }
    [[nodiscard]] std::size_t all_points() const { return points() * batch; }
    [[nodiscard]] std::size_t bytes() const { return all_points() * sizeof(std::complex<float>); }
    /// 5 log2(points) for each point, which is read and written once.
    [[nodiscard]] double flops_a_byte() const;
};

/// What the parameters dims, size and batch come to. Error `usage` where one transform has more than 2^26 points.
[[nodiscard]] Result<FftShape> fft_shape_of(const Parameters& parameters);

/// The largest relative error that rounding explains in a transform of so many points.
[[nodiscard]] double fft_error_bound(std::size_t points);

class FftInputs {
public:
    FftInputs(std::uint64_t seed, const FftShape& shape) : key_(derive_seed(seed, "fft")), shape_(shape) {}

    [[nodiscard]] std::complex<float> point(std::size_t i) const { return {component(2 * i), component(2 * i + 1)}; }
    /// Writes these points of the input.
    void fill(std::span<std::complex<float>> points, const Share& share) const;
    /// Checks all transforms. Error `verify_failed` naming the first wrong one and by what it was found.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::complex<float>> results) const;

private:
    [[nodiscard]] float component(std::size_t i) const {
        constexpr std::int64_t middle = 512;
        return static_cast<float>(static_cast<std::int64_t>(pattern_word(key_, i) & 1023U) - middle) /
               static_cast<float>(middle);
    }

    std::uint64_t key_;
    FftShape shape_;
};

}  // namespace passbench

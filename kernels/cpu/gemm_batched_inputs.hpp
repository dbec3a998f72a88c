// The matrices of gemm-batched and the check of its results, the same for every form: `batch` products C = A B of small n x n
// matrices of floats, which all lie row by row, one matrix behind the other without room between.
#pragma once

#include <cstdint>
#include <span>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/number_matrix.hpp"

namespace passbench {

class GemmBatchedInputs {
public:
    GemmBatchedInputs(std::uint64_t seed, std::size_t batch, std::size_t n)
        : a_(derive_seed(seed, "gemm-batched/a"), n),
          b_(derive_seed(seed, "gemm-batched/b"), n),
          key_(derive_seed(seed, "gemm-batched/check")),
          batch_(batch) {}

    [[nodiscard]] std::size_t n() const { return a_.columns(); }
    [[nodiscard]] std::size_t batch() const { return batch_; }
    /// Of A, of B and of C.
    [[nodiscard]] std::size_t count() const { return batch_ * n() * n(); }

    void fill_a(ThreadPool& pool, int threads, std::span<float> to) const { fill(a_, pool, threads, to); }
    void fill_b(ThreadPool& pool, int threads, std::span<float> to) const { fill(b_, pool, threads, to); }

    /// What an element of one of the matrices C must be.
    [[nodiscard]] std::int64_t element(std::size_t matrix, std::size_t row, std::size_t column) const;
    /// All elements (product_check.hpp). Error `verify_failed` naming the first wrong one.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const float> c) const;

private:
    void fill(const NumberMatrix& matrix, ThreadPool& pool, int threads, std::span<float> to) const;

    NumberMatrix a_;  // the rows of all matrices
    NumberMatrix b_;
    std::uint64_t key_;
    std::size_t batch_;
};

}  // namespace passbench

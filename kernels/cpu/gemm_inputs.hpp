// The matrices of gemm and the check of its result, the same for every form and precision. C = A B, all n x n. A and C lie in
// memory row by row; B column by column, so that both operands of a dot product are contiguous: the one order that all
// libraries take for all precisions (tensor cores want it for 8-bit integers).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/number_matrix.hpp"

namespace passbench {

/// f32 and tf32 inputs lie in memory as 4-byte floats, and their results and those of f16 and bf16 are such floats; int8 has 4-byte
/// integers as results.
enum class GemmPrecision { f32, tf32, f16, bf16, int8 };
inline constexpr std::array<std::string_view, 5> gemm_precision_names = {"f32", "tf32", "f16", "bf16", "int8"};
/// `name` is one of gemm_precision_names.
[[nodiscard]] GemmPrecision gemm_precision_of(std::string_view name);
[[nodiscard]] std::string_view to_string(GemmPrecision precision);
/// Of one number of A or B in memory.
[[nodiscard]] std::size_t input_bytes_of(GemmPrecision precision);
inline constexpr std::size_t gemm_result_bytes = 4;

class GemmInputs {
public:
    GemmInputs(std::uint64_t seed, std::size_t n)
        : a_(derive_seed(seed, "gemm/a"), n),
          b_(derive_seed(seed, "gemm/b"), n),
          key_(derive_seed(seed, "gemm/check")) {}

    [[nodiscard]] std::size_t n() const { return a_.columns(); }
    /// Rows of A, or columns of B, one after the other, each `row_bytes` long with zeros behind its numbers; what there is room for
    /// in `to` after n of them is zeros too.
    void fill_a(ThreadPool& pool, int threads, GemmPrecision precision, std::span<std::byte> to,
                std::size_t row_bytes) const {
        fill(a_, pool, threads, precision, to, row_bytes);
    }
    void fill_b(ThreadPool& pool, int threads, GemmPrecision precision, std::span<std::byte> to,
                std::size_t row_bytes) const {
        fill(b_, pool, threads, precision, to, row_bytes);
    }

    /// What element (row, column) of C must be.
    [[nodiscard]] std::int64_t element(std::size_t row, std::size_t column) const;
    /// All elements (product_check.hpp), and some of them by their own dot product. `c` holds n x n floats or integers. Error
    /// `verify_failed` naming the first wrong element of a row.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const float> c) const;
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, std::span<const std::int32_t> c) const;

private:
    static void fill(const NumberMatrix& matrix, ThreadPool& pool, int threads, GemmPrecision precision,
                     std::span<std::byte> to, std::size_t row_bytes);
    template <typename Element>
    [[nodiscard]] Result<void> check_elements(ThreadPool& pool, int threads, std::span<const Element> c) const;

    NumberMatrix a_;
    NumberMatrix b_;  // of which row i is column i of B
    std::uint64_t key_;
};

}  // namespace passbench

// The CPU libraries that multiply matrices, made ready for as many threads as a case has, and what they offer for each precision.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/gemm_inputs.hpp"
#include "kernels/cpu/gemm_way.hpp"
#include "kernels/cpu/onednn.hpp"
#include "kernels/cpu/openblas.hpp"

namespace passbench {

/// The matrices of one product as they lie in memory (gemm_inputs.hpp).
struct GemmMatrices {
    GemmPrecision precision;
    std::size_t n;            // that are multiplied: the first rows and columns
    std::size_t row_numbers;  // from one row of A, or column of B, to the next: a multiple of 16
    std::size_t c_row_numbers;
    const std::byte* a;
    const std::byte* b;
    std::byte* c;
    float* wide_a;  // room for A and B as floats, where they are of 16 bits; else nullptr
    float* wide_b;
};

/// One that was not asked for, or is not there, is null.
struct GemmLibraries {
    std::shared_ptr<const Onednn> onednn;
    std::shared_ptr<const Openblas> openblas;

    /// `wanted` is onednn, openblas or best, of which best takes what there is. The libraries' threads begin here, as many as `threads`,
    /// on the first CPUs of the pool. Error `unsupported` with the loader's words where there is no library.
    [[nodiscard]] static Result<GemmLibraries> load(std::string_view wanted, ThreadPool& pool, int threads);
};

/// All that the libraries offer for these matrices on this CPU; nothing where OpenBLAS alone shall multiply integers. For the thread
/// that loaded the libraries.
[[nodiscard]] std::vector<GemmWay> gemm_ways(const GemmLibraries& libraries, const GemmMatrices& what, ThreadPool& pool,
                                             int threads);

}  // namespace passbench

// The ways to multiply matrices that the CPU libraries offer, for all precisions, and which of them is the fastest here. Which one
// that is nobody knows beforehand: a library's default may be half of the machine (toolchain.md), so all are tried.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/gemm_inputs.hpp"

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

/// One way to do a product.
struct GemmWay {
    std::string library;  // "oneDNN 3.2.0"
    std::string core;     // whose code it takes: "avx2", "Haswell"
    std::string how;      // "matmul", "sgemm after widening f16"
    bool is_f32;          // done by 4-byte multiply-adds
    std::function<void()> run;
};

class GemmLibraries {
public:
    /// `wanted` is onednn, openblas or best, of which best takes what there is. The libraries' threads are started here: as many as
    /// `threads`, on the first CPUs of the pool. Whoever calls this also runs the ways. Error `unsupported` with the loader's words
    /// where there is none.
    [[nodiscard]] static Result<GemmLibraries> load(std::string_view wanted, ThreadPool& pool, int threads);

    /// The way that is fastest for these matrices, or for their first 1024 rows and columns where they are larger. Error `unsupported`
    /// where no library has anything for the precision.
    [[nodiscard]] Result<GemmWay> fastest(const GemmMatrices& matrices);

    /// What fastest() tried, for the record of the trial: "oneDNN 3.2.0 matmul 84.1 GFLOP/s, OpenBLAS 0.3.34 sgemm 91.3 GFLOP/s"; empty
    /// where there was no choice.
    [[nodiscard]] const std::string& tried() const { return tried_; }

private:
    struct Loaded;
    GemmLibraries(ThreadPool& pool, int threads, std::shared_ptr<const Loaded> loaded)
        : pool_(pool), threads_(threads), loaded_(std::move(loaded)) {}
    [[nodiscard]] std::vector<GemmWay> ways(const GemmMatrices& matrices) const;

    ThreadPool& pool_;
    int threads_;
    std::shared_ptr<const Loaded> loaded_;
    std::string tried_;
};

}  // namespace passbench

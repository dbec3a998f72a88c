// cuBLASLt, found at run time: 540 MB that no guest has to have. Its types and numbers are written down here, because the CUDA compiler
// comes without its header; kernels/cuda/tests/cublaslt_test.cpp holds them against the header and the library where a toolkit has
// them. Nothing of it runs on the stand-in driver.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "harness/core/result.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

namespace lt {

// cublasStatus_t, cudaDataType_t, cublasComputeType_t, cublasOperation_t and the attributes, as far as they are used.
inline constexpr int success = 0;
inline constexpr int execution_failed = 13;
enum class Type : int { f32 = 0, f16 = 2, s8 = 3, s32 = 10, bf16 = 14 };
enum class Compute : int { f32 = 68, s32 = 72, tf32 = 77 };
inline constexpr int as_it_is = 0;
inline constexpr int transposed = 1;
inline constexpr int product_transposes_a = 3;  // CUBLASLT_MATMUL_DESC_TRANSA
inline constexpr int product_transposes_b = 4;
inline constexpr int layout_batch_count = 5;  // CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT
inline constexpr int layout_batch_stride = 6;
inline constexpr int preference_workspace = 1;  // CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES

struct Object;
using Handle = Object*;

/// cublasLtMatmulAlgo_t
struct Algorithm {
    std::array<std::uint64_t, 8> data;
};
/// cublasLtMatmulHeuristicResult_t
struct Candidate {
    Algorithm algorithm;
    std::size_t workspace_bytes;
    int status;
    float waves;
    std::array<int, 4> reserved;
};

// clang-format off
#define PASSBENCH_CUBLASLT_CALLS(X) \
    X(cublasLtGetVersion, std::size_t()) \
    X(cublasLtGetStatusString, const char*(int)) \
    X(cublasLtCreate, int(lt::Handle*)) \
    X(cublasLtDestroy, int(lt::Handle)) \
    X(cublasLtMatmulDescCreate, int(lt::Handle*, lt::Compute, lt::Type)) \
    X(cublasLtMatmulDescSetAttribute, int(lt::Handle, int, const void*, std::size_t)) \
    X(cublasLtMatmulDescDestroy, int(lt::Handle)) \
    X(cublasLtMatrixLayoutCreate, int(lt::Handle*, lt::Type, std::uint64_t, std::uint64_t, std::int64_t)) \
    X(cublasLtMatrixLayoutSetAttribute, int(lt::Handle, int, const void*, std::size_t)) \
    X(cublasLtMatrixLayoutDestroy, int(lt::Handle)) \
    X(cublasLtMatmulPreferenceCreate, int(lt::Handle*)) \
    X(cublasLtMatmulPreferenceSetAttribute, int(lt::Handle, int, const void*, std::size_t)) \
    X(cublasLtMatmulPreferenceDestroy, int(lt::Handle)) \
    X(cublasLtMatmulAlgoGetHeuristic, int(lt::Handle, lt::Handle, lt::Handle, lt::Handle, lt::Handle, lt::Handle, lt::Handle, int, lt::Candidate*, int*)) \
    X(cublasLtMatmul, int(lt::Handle, lt::Handle, const void*, const void*, lt::Handle, const void*, lt::Handle, const void*, \
                          const void*, lt::Handle, void*, lt::Handle, const lt::Algorithm*, void*, std::size_t, CUstream))
// clang-format on

/// Pointers to the functions, under their own names.
struct Calls {
#define PASSBENCH_MEMBER(function, ...) std::add_pointer_t<__VA_ARGS__> function = nullptr;
    PASSBENCH_CUBLASLT_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};

}  // namespace lt

class CublasLt {
public:
    /// From where a toolkit or a distribution has it. Error `unsupported` with the loader's words.
    [[nodiscard]] static Result<std::shared_ptr<const CublasLt>> load();

    /// "13.1.0"
    [[nodiscard]] std::string version() const;
    [[nodiscard]] const lt::Calls& calls() const { return calls_; }
    /// Error `unsupported` with the library's words; `doing` is such as "choosing an algorithm".
    [[nodiscard]] Result<void> check(int status, std::string_view doing) const;

private:
    CublasLt() = default;

    lt::Calls calls_;
};

/// C (m x n) = A (m x k) B (k x n), or `batch` of them. A and C lie row by row; B column by column, or row by row. Lengths from one
/// row or column to the next are in numbers, and so are those from one matrix to the next.
struct LtProblem {
    lt::Type inputs;
    lt::Type results;
    lt::Compute compute;
    std::int64_t m;
    std::int64_t n;
    std::int64_t k;
    std::int64_t a_row;
    std::int64_t b_row;  // or column
    std::int64_t c_row;
    bool b_by_columns;
    std::int64_t batch = 1;
    std::int64_t a_matrix = 0;
    std::int64_t b_matrix = 0;
    std::int64_t c_matrix = 0;
};

/// A product made ready, by the fastest algorithm for it.
class LtProduct {
public:
    /// Times every algorithm that the library's heuristic offers (at most 16, with at most 32 MiB of workspace) on these matrices.
    /// Error `unsupported` where it offers none.
    [[nodiscard]] static Result<LtProduct> fastest(std::shared_ptr<const CublasLt> library, const Gpu& gpu,
                                                   const Stream& stream, const LtProblem& problem, CUdeviceptr a,
                                                   CUdeviceptr b, CUdeviceptr c);

    /// May be given other matrices of the same shape.
    CUresult enqueue(const Stream& stream, CUdeviceptr a, CUdeviceptr b, CUdeviceptr c) const;
    /// How many were tried.
    [[nodiscard]] int candidates() const { return candidates_; }

private:
    struct Objects;
    LtProduct() = default;

    std::shared_ptr<const Objects> objects_;
    lt::Candidate chosen_{};
    DeviceMemory workspace_;
    int candidates_ = 0;
};

}  // namespace passbench

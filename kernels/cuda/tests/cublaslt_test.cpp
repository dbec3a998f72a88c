// What is written down of cuBLASLt, held against its header and the library itself where a toolkit has them. It cannot multiply
// here: without a driver it does not start.
#include "kernels/cuda/cublaslt.hpp"

#include <cstddef>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#if __has_include(<cublasLt.h>)
#include <cublasLt.h>
#endif

namespace passbench {
namespace {

using testing::HasSubstr;

#if __has_include(<cublasLt.h>)

static_assert(lt::success == CUBLAS_STATUS_SUCCESS && lt::execution_failed == CUBLAS_STATUS_EXECUTION_FAILED);
static_assert(static_cast<int>(lt::Type::f32) == CUDA_R_32F && static_cast<int>(lt::Type::f16) == CUDA_R_16F &&
              static_cast<int>(lt::Type::bf16) == CUDA_R_16BF && static_cast<int>(lt::Type::s8) == CUDA_R_8I &&
              static_cast<int>(lt::Type::s32) == CUDA_R_32I);
static_assert(static_cast<int>(lt::Compute::f32) == CUBLAS_COMPUTE_32F &&
              static_cast<int>(lt::Compute::tf32) == CUBLAS_COMPUTE_32F_FAST_TF32 &&
              static_cast<int>(lt::Compute::s32) == CUBLAS_COMPUTE_32I);
static_assert(lt::as_it_is == CUBLAS_OP_N && lt::transposed == CUBLAS_OP_T);
static_assert(lt::product_transposes_a == CUBLASLT_MATMUL_DESC_TRANSA &&
              lt::product_transposes_b == CUBLASLT_MATMUL_DESC_TRANSB);
static_assert(lt::layout_batch_count == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT &&
              lt::layout_batch_stride == CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET);
static_assert(lt::preference_workspace == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES);
static_assert(sizeof(lt::Algorithm) == sizeof(cublasLtMatmulAlgo_t));
static_assert(sizeof(lt::Candidate) == sizeof(cublasLtMatmulHeuristicResult_t));
static_assert(offsetof(lt::Candidate, workspace_bytes) == offsetof(cublasLtMatmulHeuristicResult_t, workspaceSize));
static_assert(offsetof(lt::Candidate, status) == offsetof(cublasLtMatmulHeuristicResult_t, state));

/// Whether a function of ours can be called as theirs: as many parameters, each of the same size and kind.
template <typename Ours, typename Theirs>
struct IsCalledAs : std::false_type {};
template <typename R, typename S, typename... Ours, typename... Theirs>
struct IsCalledAs<R(Ours...), S(Theirs...)> {
    static constexpr bool value = [] {
        if constexpr (sizeof...(Ours) != sizeof...(Theirs)) {
            return false;
        } else {
            return sizeof(R) == sizeof(S) &&
                   ((sizeof(Ours) == sizeof(Theirs) && std::is_pointer_v<Ours> == std::is_pointer_v<Theirs>)&&...);
        }
    }();
};
#define PASSBENCH_CHECK_SIGNATURE(function, ...) \
    static_assert(IsCalledAs<__VA_ARGS__, decltype(::function)>::value, #function);
PASSBENCH_CUBLASLT_CALLS(PASSBENCH_CHECK_SIGNATURE)
#undef PASSBENCH_CHECK_SIGNATURE

#endif

TEST(CublasLt, HasEveryFunctionThatIsAskedFor) {
    const auto library = CublasLt::load();
    if (!library && library.error().what.find("does not load") != std::string::npos)
        GTEST_SKIP() << library.error().what;
    ASSERT_TRUE(library) << to_text(library.error());
    EXPECT_THAT((*library)->version(), testing::MatchesRegex("1[2-9]\\.[0-9]+\\.[0-9]+"));
}

TEST(CublasLt, SaysWhatItRefusesInItsOwnWords) {
    const auto library = CublasLt::load();
    if (!library) GTEST_SKIP() << library.error().what;
    const auto refused = (*library)->check(15, "choosing an algorithm");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_THAT(refused.error().what, HasSubstr("choosing an algorithm failed: "));
    EXPECT_THAT(refused.error().what, HasSubstr("not supported"));
    EXPECT_THAT(refused.error().fix, HasSubstr("by = \"own\""));
}

}  // namespace
}  // namespace passbench

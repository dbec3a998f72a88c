// oneDNN, found at run time (shared_library.hpp): as much of its C interface as matrix products need, of version 3. Its threads are
// those of libgomp, which it brings along; design.md section 11 says why nothing else here uses OpenMP.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "harness/core/result.hpp"
#include "kernels/cpu/shared_library.hpp"

namespace passbench {

/// The numbers of dnnl_data_type_t.
enum class OnednnType : int { f16 = 1, bf16 = 2, f32 = 3, s32 = 4, s8 = 5 };

// What oneDNN hands out; its own types say no more.
struct OnednnObject;
using OnednnHandle = OnednnObject*;

/// dnnl_exec_arg_t.
struct OnednnArgument {
    int place;
    OnednnHandle memory;
};

// Status is dnnl_status_t, of which 0 is success; dimensions and strides have room for 12.
// clang-format off
#define PASSBENCH_ONEDNN_CALLS(X)                                                                                       \
    X(dnnl_version, const int*())                                                                                       \
    X(dnnl_get_effective_cpu_isa, int())                                                                                \
    X(dnnl_engine_create, int(OnednnHandle*, int, std::size_t))                                                         \
    X(dnnl_engine_destroy, int(OnednnHandle))                                                                           \
    X(dnnl_stream_create, int(OnednnHandle*, OnednnHandle, unsigned))                                                   \
    X(dnnl_stream_destroy, int(OnednnHandle))                                                                           \
    X(dnnl_stream_wait, int(OnednnHandle))                                                                              \
    X(dnnl_memory_desc_create_with_strides, int(OnednnHandle*, int, const std::int64_t*, int, const std::int64_t*))     \
    X(dnnl_memory_desc_destroy, int(OnednnHandle))                                                                      \
    X(dnnl_memory_create, int(OnednnHandle*, OnednnHandle, OnednnHandle, void*))                                        \
    X(dnnl_memory_destroy, int(OnednnHandle))                                                                           \
    X(dnnl_matmul_primitive_desc_create, int(OnednnHandle*, OnednnHandle, OnednnHandle, OnednnHandle, OnednnHandle,     \
                                             OnednnHandle, OnednnHandle))                                               \
    X(dnnl_primitive_desc_destroy, int(OnednnHandle))                                                                   \
    X(dnnl_primitive_create, int(OnednnHandle*, OnednnHandle))                                                          \
    X(dnnl_primitive_destroy, int(OnednnHandle))                                                                        \
    X(dnnl_primitive_execute, int(OnednnHandle, OnednnHandle, int, const OnednnArgument*))                              \
    X(dnnl_sgemm, int(char, char, std::int64_t, std::int64_t, std::int64_t, float, const float*, std::int64_t,          \
                      const float*, std::int64_t, float, float*, std::int64_t))                                         \
    X(omp_set_num_threads, void(int))                                                                                   \
    X(GOMP_parallel, void(void (*)(void*), void*, unsigned, unsigned))
// clang-format on

/// Pointers to the functions, under their own names.
struct OnednnCalls {
#define PASSBENCH_MEMBER(function, ...) std::add_pointer_t<__VA_ARGS__> function = nullptr;
    PASSBENCH_ONEDNN_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};

/// A product of matrices, or of `batch` pairs of them that lie one after the other: C (m x n) = A (m x k) B (k x n). Strides are in
/// elements: from one row to the next, from one column to the next, from one matrix to the next.
struct OnednnOperand {
    OnednnType type;
    const void* data;
    std::int64_t row_stride;
    std::int64_t column_stride;
    std::int64_t matrix_stride;
};
struct OnednnProduct {
    std::int64_t batch;
    std::int64_t m;
    std::int64_t n;
    std::int64_t k;
    OnednnOperand a;
    OnednnOperand b;
    OnednnOperand c;
};

/// One product made ready to be done again and again.
class OnednnMatmul {
public:
    /// Where the machine has what it was made for, it does not fail.
    void run() const;

private:
    friend class Onednn;
    struct State;
    explicit OnednnMatmul(std::shared_ptr<const State> state) : state_(std::move(state)) {}

    std::shared_ptr<const State> state_;
};

class Onednn {
public:
    /// Error `unsupported` where it does not load or lacks a function.
    [[nodiscard]] static Result<std::shared_ptr<const Onednn>> load();

    /// "3.2.0"
    [[nodiscard]] std::string version() const;
    /// The instruction set that it has chosen: "avx2", "avx512_core_bf16".
    [[nodiscard]] std::string isa() const;
    [[nodiscard]] const OnednnCalls& calls() const { return calls_; }

    /// For all that the calling thread asks of it from now on; they begin here, and run where the caller may run now (MayRunOn).
    void start_threads(int threads) const;

    /// For the calling thread and as many threads as it uses now. Error `unsupported` where it has nothing for these types on this
    /// CPU.
    [[nodiscard]] Result<OnednnMatmul> matmul(const OnednnProduct& product) const;

private:
    Onednn() = default;
    [[nodiscard]] Result<void> check(int status, const char* doing) const;

    OnednnCalls calls_;
};

}  // namespace passbench

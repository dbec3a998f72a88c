// OpenBLAS as SciPy builds it, found at run time (shared_library.hpp). It chooses its code by the model of the CPU, and takes the code
// of a Haswell for a model that it does not know or that a hypervisor hides: half the speed where there is AVX-512. So it is told
// the type of the core by what the CPU offers, before it loads, unless the user has said it (set_library_environment).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>

#include "harness/core/result.hpp"
#include "kernels/cpu/shared_library.hpp"

namespace passbench {

// The numbers of CBLAS_ORDER and CBLAS_TRANSPOSE.
inline constexpr int blas_row_major = 101;
inline constexpr int blas_as_it_is = 111;
inline constexpr int blas_transposed = 112;

// Under the prefix that SciPy gives the names. Sizes are 32-bit.
// clang-format off
#define PASSBENCH_OPENBLAS_CALLS(X)                                                                                 \
    X(openblas_get_config, const char*())                                                                           \
    X(openblas_get_corename, const char*())                                                                         \
    X(openblas_set_num_threads, void(int))                                                                          \
    X(cblas_sgemm, void(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*, int))
// clang-format on

struct OpenblasCalls {
#define PASSBENCH_MEMBER(function, ...) std::add_pointer_t<__VA_ARGS__> function = nullptr;
    PASSBENCH_OPENBLAS_CALLS(PASSBENCH_MEMBER)
#undef PASSBENCH_MEMBER
};

class Openblas {
public:
    /// Error `unsupported` where it does not load or lacks a function. Its threads begin here and in start_threads(), and run where the
    /// caller may run then (MayRunOn).
    [[nodiscard]] static Result<std::shared_ptr<const Openblas>> load();

    /// "0.3.34"
    [[nodiscard]] std::string version() const;
    /// "Haswell", "SkylakeX": whose code it has chosen.
    [[nodiscard]] std::string core() const { return calls_.openblas_get_corename(); }
    [[nodiscard]] const OpenblasCalls& calls() const { return calls_; }

    /// For all products from now on, of whatever thread.
    void start_threads(int threads) const { calls_.openblas_set_num_threads(threads); }

private:
    Openblas() = default;

    OpenblasCalls calls_;
};

}  // namespace passbench

// The loops compiled for AVX2 and FMA (see loops.hpp for what this file may include).
#include <immintrin.h>

#include "kernels/cpu/loop_table.hpp"

namespace passbench {

namespace {

struct Doubles {
    using Register = __m256d;
    static constexpr std::size_t lanes = 4;
    static Register load(const double* from) { return _mm256_load_pd(from); }
    static void store(double* to, Register value) { _mm256_store_pd(to, value); }
    static void store_unaligned(double* to, Register value) { _mm256_storeu_pd(to, value); }
    static void stream(double* to, Register value) { _mm256_stream_pd(to, value); }
    static Register set1(double value) { return _mm256_set1_pd(value); }
    static Register zero() { return _mm256_setzero_pd(); }
    static Register add(Register a, Register b) { return _mm256_add_pd(a, b); }
    static Register mul(Register a, Register b) { return _mm256_mul_pd(a, b); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm256_fmadd_pd(v, m, b); }
};

struct Floats {
    using Register = __m256;
    static constexpr std::size_t lanes = 8;
    static Register load(const float* from) { return _mm256_load_ps(from); }
    static void store(float* to, Register value) { _mm256_store_ps(to, value); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm256_fmadd_ps(v, m, b); }
};

struct Words {
    // Not __m256i: with some of its functions g++ 12 warns of its own headers, and it has operators for these.
    using Register [[gnu::vector_size(32), gnu::may_alias]] = std::uint64_t;
    static void stream(std::uint64_t* to, Register value) {
        _mm256_stream_si256(reinterpret_cast<__m256i*>(to), reinterpret_cast<__m256i>(value));
    }
};

#include "kernels/cpu/memtest_body.inc"
// The table, last.
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx2 = loop_table;

}  // namespace passbench

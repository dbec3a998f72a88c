// The loops compiled for x86-64 without extensions (see loops.hpp for what this file may include).
#include <immintrin.h>

#include "kernels/cpu/loop_table.hpp"

namespace passbench {

namespace {

struct Doubles {
    using Register = __m128d;
    static constexpr std::size_t lanes = 2;
    static Register load(const double* from) { return _mm_load_pd(from); }
    static void store(double* to, Register value) { _mm_store_pd(to, value); }
    static void store_unaligned(double* to, Register value) { _mm_storeu_pd(to, value); }
    static void stream(double* to, Register value) { _mm_stream_pd(to, value); }
    static Register set1(double value) { return _mm_set1_pd(value); }
    static Register zero() { return _mm_setzero_pd(); }
    static Register add(Register a, Register b) { return _mm_add_pd(a, b); }
    static Register mul(Register a, Register b) { return _mm_mul_pd(a, b); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm_add_pd(_mm_mul_pd(v, m), b); }
};

struct Floats {
    using Register = __m128;
    static constexpr std::size_t lanes = 4;
    static Register load(const float* from) { return _mm_load_ps(from); }
    static void store(float* to, Register value) { _mm_store_ps(to, value); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm_add_ps(_mm_mul_ps(v, m), b); }
};

struct Words {
    // Not __m128i: with some of its functions g++ 12 warns of its own headers, and it has operators for these.
    using Register [[gnu::vector_size(16), gnu::may_alias]] = std::uint64_t;
    static void stream(std::uint64_t* to, Register value) {
        _mm_stream_si128(reinterpret_cast<__m128i*>(to), reinterpret_cast<__m128i>(value));
    }
};

#include "kernels/cpu/memtest_body.inc"
// The table, last.
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_sse2 = loop_table;

}  // namespace passbench

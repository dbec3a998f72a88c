// The loops compiled for x86-64 without extensions (see loops.hpp for what this file may include).
#include <immintrin.h>

#include "kernels/cpu/loop_table.hpp"

namespace passbench {

namespace {

struct Doubles {
    using Register = __m128d;
    static constexpr std::size_t lanes = 2;
    static Register load(const double* from) { return _mm_load_pd(from); }
    static Register load_combined(const double* from) { return _mm_load_pd(from); }  // streaming loads came later
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
    static constexpr std::size_t tile_rows = 6;  // of sums, two registers each: what the 16 registers hold beside operands
    static constexpr std::size_t lanes = 4;
    static Register load(const float* from) { return _mm_load_ps(from); }
    static void store(float* to, Register value) { _mm_store_ps(to, value); }
    static Register load_unaligned(const float* from) { return _mm_loadu_ps(from); }
    static void store_unaligned(float* to, Register value) { _mm_storeu_ps(to, value); }
    static Register set1(float value) { return _mm_set1_ps(value); }
    static Register sub(Register a, Register b) { return _mm_sub_ps(a, b); }
    static Register zero() { return _mm_setzero_ps(); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm_add_ps(_mm_mul_ps(v, m), b); }
    static Register from_bfloat(const std::uint16_t* from) {
        const __m128i bits = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
        return _mm_castsi128_ps(_mm_unpacklo_epi16(_mm_setzero_si128(), bits));
    }
    // A half is a float whose exponent is 112 less and whose fraction is cut: shifted into its place and multiplied.
    static Register from_half(const std::uint16_t* from) {
        const __m128i half =
            _mm_unpacklo_epi16(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)), _mm_setzero_si128());
        const __m128i rest = _mm_slli_epi32(_mm_and_si128(half, _mm_set1_epi32(0x7fff)), 13);
        const __m128i sign = _mm_slli_epi32(_mm_and_si128(half, _mm_set1_epi32(0x8000)), 16);
        return _mm_or_ps(_mm_mul_ps(_mm_castsi128_ps(rest), _mm_set1_ps(0x1p112F)), _mm_castsi128_ps(sign));
    }
};

#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_sse2 = loop_table;

}  // namespace passbench

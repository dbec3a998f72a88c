// The loops compiled for AVX2 and FMA (see loops.hpp for what this file may include).
#include <immintrin.h>

#include "kernels/cpu/loop_table.hpp"

namespace passbench {

namespace {

struct Doubles {
    using Register = __m256d;
    static constexpr std::size_t lanes = 4;
    static Register load(const double* from) { return _mm256_load_pd(from); }
    static Register load_combined(const double* from) {
        return _mm256_castsi256_pd(_mm256_stream_load_si256(reinterpret_cast<const __m256i*>(from)));
    }
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
    static constexpr std::size_t tile_rows = 6;  // of sums, two registers each: what the 16 registers hold beside operands
    static constexpr std::size_t lanes = 8;
    static Register load(const float* from) { return _mm256_load_ps(from); }
    static void store(float* to, Register value) { _mm256_store_ps(to, value); }
    static Register load_unaligned(const float* from) { return _mm256_loadu_ps(from); }
    static void store_unaligned(float* to, Register value) { _mm256_storeu_ps(to, value); }
    static Register set1(float value) { return _mm256_set1_ps(value); }
    static Register sub(Register a, Register b) { return _mm256_sub_ps(a, b); }
    static Register zero() { return _mm256_setzero_ps(); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm256_fmadd_ps(v, m, b); }
    static __m256i widened(const std::uint16_t* from) {
        return _mm256_cvtepu16_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(from)));
    }
    static Register from_bfloat(const std::uint16_t* from) {
        return _mm256_castsi256_ps(_mm256_slli_epi32(widened(from), 16));
    }
    // A half is a float whose exponent is 112 less and whose fraction is cut: shifted into its place and multiplied. F16C would
    // do it in one instruction, and is a feature of its own; the loop waits for memory either way.
    static Register from_half(const std::uint16_t* from) {
        const __m256i half = widened(from);
        const __m256i rest = _mm256_slli_epi32(_mm256_and_si256(half, _mm256_set1_epi32(0x7fff)), 13);
        const __m256i sign = _mm256_slli_epi32(_mm256_and_si256(half, _mm256_set1_epi32(0x8000)), 16);
        return _mm256_or_ps(_mm256_mul_ps(_mm256_castsi256_ps(rest), _mm256_set1_ps(0x1p112F)),
                            _mm256_castsi256_ps(sign));
    }
};

#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx2 = loop_table;

}  // namespace passbench

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
    static constexpr std::size_t lanes = 8;
    static Register load(const float* from) { return _mm256_load_ps(from); }
    static void store(float* to, Register value) { _mm256_store_ps(to, value); }
    static Register load_unaligned(const float* from) { return _mm256_loadu_ps(from); }
    static void store_unaligned(float* to, Register value) { _mm256_storeu_ps(to, value); }
    static Register zero() { return _mm256_setzero_ps(); }
    using Whole = __m256i;
    static Whole whole(Register value) { return _mm256_cvttps_epi32(value); }
    static Whole add_whole(Whole a, Whole b) { return _mm256_add_epi32(a, b); }
    static void store_whole(std::int32_t* to, Whole value) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value);
    }
    static Register set1(float value) { return _mm256_set1_ps(value); }
    static Register add(Register a, Register b) { return _mm256_add_ps(a, b); }
    static Register mul(Register a, Register b) { return _mm256_mul_ps(a, b); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm256_fmadd_ps(v, m, b); }
};

struct Pixels {
    using Register = __m256i;
    static constexpr std::size_t lanes = 32;
    using Weights = Register;  // two neighbouring bytes: the first and the second weight
    static Register load(const std::uint8_t* from) {
        return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    }
    static void store(std::uint8_t* to, Register value) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), value); }
    static Register ones() { return _mm256_set1_epi8(1); }
    static Weights weights(int first, int second) {
        return _mm256_set1_epi16(static_cast<short>((second * 256) | (first & 255)));
    }
    static Register weigh_low(Register a, Register b, Weights weights) {
        return _mm256_maddubs_epi16(_mm256_unpacklo_epi8(a, b), weights);
    }
    static Register weigh_high(Register a, Register b, Weights weights) {
        return _mm256_maddubs_epi16(_mm256_unpackhi_epi8(a, b), weights);
    }
    static Register add(Register a, Register b) { return _mm256_add_epi16(a, b); }
    static Register amount(Register a) { return _mm256_abs_epi16(a); }
    static Register shift(Register a) { return _mm256_srai_epi16(a, image_shift); }
    static Register narrow(Register low, Register high) { return _mm256_packus_epi16(low, high); }
};

#include "kernels/cpu/image_body.inc"
#include "kernels/cpu/roofline_body.inc"
// The table, last.
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx2 = loop_table;

}  // namespace passbench

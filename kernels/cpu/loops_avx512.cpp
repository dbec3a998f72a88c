// The loops compiled for AVX-512F (see loops.hpp for what this file may include).
#include <immintrin.h>

#include "kernels/cpu/loop_table.hpp"

namespace passbench {

namespace {

struct Doubles {
    using Register = __m512d;
    static constexpr std::size_t lanes = 8;
    static Register load(const double* from) { return _mm512_load_pd(from); }
    static Register load_combined(const double* from) {
        return _mm512_castsi512_pd(_mm512_stream_load_si512(const_cast<double*>(from)));
    }
    static void store(double* to, Register value) { _mm512_store_pd(to, value); }
    static void store_unaligned(double* to, Register value) { _mm512_storeu_pd(to, value); }
    static void stream(double* to, Register value) { _mm512_stream_pd(to, value); }
    static Register set1(double value) { return _mm512_set1_pd(value); }
    static Register zero() { return _mm512_setzero_pd(); }
    static Register add(Register a, Register b) { return _mm512_add_pd(a, b); }
    static Register mul(Register a, Register b) { return _mm512_mul_pd(a, b); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm512_fmadd_pd(v, m, b); }
};

struct Floats {
    using Register = __m512;
    static constexpr std::size_t tile_rows = 12;  // of sums, two registers each: what the 32 registers hold beside operands
    static constexpr std::size_t lanes = 16;
    static Register load(const float* from) { return _mm512_load_ps(from); }
    static void store(float* to, Register value) { _mm512_store_ps(to, value); }
    static Register load_unaligned(const float* from) { return _mm512_loadu_ps(from); }
    static void store_unaligned(float* to, Register value) { _mm512_storeu_ps(to, value); }
    static Register set1(float value) { return _mm512_set1_ps(value); }
    static Register sub(Register a, Register b) { return _mm512_sub_ps(a, b); }
    static Register zero() { return _mm512_setzero_ps(); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm512_fmadd_ps(v, m, b); }
    static __m256i halves(const std::uint16_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
    // With all lanes named: g++ 12 takes the plain forms for reads of an uninitialized register.
    static constexpr __mmask16 all = 0xffff;
    static Register from_bfloat(const std::uint16_t* from) {
        constexpr unsigned bits_cut = 16;
        return _mm512_castsi512_ps(_mm512_maskz_slli_epi32(all, _mm512_maskz_cvtepu16_epi32(all, halves(from)), bits_cut));
    }
    static Register from_half(const std::uint16_t* from) { return _mm512_maskz_cvtph_ps(all, halves(from)); }
};

#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx512 = loop_table;

}  // namespace passbench

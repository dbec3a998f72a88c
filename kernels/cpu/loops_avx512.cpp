// The loops compiled for AVX-512 F, BW, DQ and VL (see loops.hpp for what this file may include).
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
    static constexpr std::size_t tile_rows =
        12;  // of sums, two registers each: what the 32 registers hold beside operands
    static constexpr std::size_t lanes = 16;
    static Register load(const float* from) { return _mm512_load_ps(from); }
    static void store(float* to, Register value) { _mm512_store_ps(to, value); }
    static Register load_unaligned(const float* from) { return _mm512_loadu_ps(from); }
    static void store_unaligned(float* to, Register value) { _mm512_storeu_ps(to, value); }
    static Register zero() { return _mm512_setzero_ps(); }
    using Whole = __m512i;
    // With a mask: without one g++ 12 warns of its own header.
    static Whole whole(Register value) { return _mm512_maskz_cvttps_epi32(0xffff, value); }
    static Whole add_whole(Whole a, Whole b) { return _mm512_add_epi32(a, b); }
    static void store_whole(std::int32_t* to, Whole value) {
        _mm512_storeu_si512(reinterpret_cast<__m512i*>(to), value);
    }
    static Register set1(float value) { return _mm512_set1_ps(value); }
    static Register add(Register a, Register b) { return _mm512_add_ps(a, b); }
    static Register mul(Register a, Register b) { return _mm512_mul_ps(a, b); }
    static Register sub(Register a, Register b) { return _mm512_sub_ps(a, b); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm512_fmadd_ps(v, m, b); }
    static __m256i halves(const std::uint16_t* from) {
        return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
    }
    // With all lanes named: g++ 12 takes the plain forms for reads of an uninitialized register.
    static constexpr __mmask16 all = 0xffff;
    static Register from_bfloat(const std::uint16_t* from) {
        constexpr unsigned bits_cut = 16;
        return _mm512_castsi512_ps(
            _mm512_maskz_slli_epi32(all, _mm512_maskz_cvtepu16_epi32(all, halves(from)), bits_cut));
    }
    static Register from_half(const std::uint16_t* from) { return _mm512_maskz_cvtph_ps(all, halves(from)); }
};

struct Pixels {
    using Register = __m512i;
    static constexpr std::size_t lanes = 64;
    using Weights = Register;  // two neighbouring bytes: the first and the second weight
    static Register load(const std::uint8_t* from) {
        return _mm512_loadu_si512(reinterpret_cast<const __m512i*>(from));
    }
    static void store(std::uint8_t* to, Register value) { _mm512_storeu_si512(reinterpret_cast<__m512i*>(to), value); }
    static Register ones() { return _mm512_set1_epi8(1); }
    static Weights weights(int first, int second) {
        return _mm512_set1_epi16(static_cast<short>((second * 256) | (first & 255)));
    }
    static Register weigh_low(Register a, Register b, Weights weights) {
        return _mm512_maddubs_epi16(_mm512_unpacklo_epi8(a, b), weights);
    }
    static Register weigh_high(Register a, Register b, Weights weights) {
        return _mm512_maddubs_epi16(_mm512_unpackhi_epi8(a, b), weights);
    }
    static Register add(Register a, Register b) { return _mm512_add_epi16(a, b); }
    static Register amount(Register a) { return _mm512_abs_epi16(a); }
    static Register shift(Register a) { return _mm512_srai_epi16(a, image_shift); }
    static Register narrow(Register low, Register high) { return _mm512_packus_epi16(low, high); }
};

struct Sums {
    using Register = __m512i;
    static constexpr std::size_t lanes = 8;
    static Register load(const std::uint32_t* from) { return _mm512_load_si512(from); }
    static Register widened(const std::uint32_t* from) {
        return _mm512_cvtepu32_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(from)));
    }
    static void store(std::uint64_t* to, Register value) { _mm512_store_si512(to, value); }
    static void stream(std::uint64_t* to, Register value) {
        _mm512_stream_si512(reinterpret_cast<__m512i*>(to), value);
    }
    static Register set1(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }
    static Register add(Register a, Register b) { return _mm512_add_epi64(a, b); }
    static Register low(Register integers) { return _mm512_and_si512(integers, set1(0xffffffff)); }
    static Register high(Register integers) { return _mm512_srli_epi64(integers, 32); }
    static Register prefix(Register v) {
        const Register zero = _mm512_setzero_si512();
        v = add(v, _mm512_alignr_epi64(v, zero, 7));
        v = add(v, _mm512_alignr_epi64(v, zero, 6));
        return add(v, _mm512_alignr_epi64(v, zero, 4));
    }
    static Register last(Register v) { return _mm512_permutexvar_epi64(set1(7), v); }
};

struct SparseFloats {
    using Register = __m512;
    static constexpr std::size_t lanes = 16;
    static Register zero() { return _mm512_setzero_ps(); }
    static Register add(Register a, Register b) { return _mm512_add_ps(a, b); }
    static Register multiply_add(Register sum, const float* values, const float* x, const std::uint32_t* columns) {
        const __m512i at = _mm512_loadu_si512(columns);
        return _mm512_fmadd_ps(_mm512_loadu_ps(values), _mm512_i32gather_ps(at, x, sizeof(float)), sum);
    }
    static float sum(Register v) { return _mm512_reduce_add_ps(v); }
};

struct SparseDoubles {
    using Register = __m512d;
    static constexpr std::size_t lanes = 8;
    static Register zero() { return _mm512_setzero_pd(); }
    static Register add(Register a, Register b) { return _mm512_add_pd(a, b); }
    static Register multiply_add(Register sum, const double* values, const double* x, const std::uint32_t* columns) {
        const __m256i at = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(columns));
        return _mm512_fmadd_pd(_mm512_loadu_pd(values), _mm512_i32gather_pd(at, x, sizeof(double)), sum);
    }
    static double sum(Register v) { return _mm512_reduce_add_pd(v); }
};

struct Gathered {
    static constexpr std::size_t lanes = 8;
    static void move(const std::uint64_t* table, const std::uint32_t* indices, std::uint64_t* out) {
        const __m256i at = _mm256_load_si256(reinterpret_cast<const __m256i*>(indices));
        _mm512_store_si512(out, _mm512_i32gather_epi64(at, table, sizeof(std::uint64_t)));
    }
};

struct Words {
    // Not __m512i: with some of its functions g++ 12 warns of its own headers, and it has operators for these.
    using Register [[gnu::vector_size(64), gnu::may_alias]] = std::uint64_t;
    static void stream(std::uint64_t* to, Register value) {
        _mm512_stream_si512(reinterpret_cast<__m512i*>(to), reinterpret_cast<__m512i>(value));
    }
};

#include "kernels/cpu/image_body.inc"
#include "kernels/cpu/integer_body.inc"
#include "kernels/cpu/memtest_body.inc"
#include "kernels/cpu/roofline_body.inc"
#include "kernels/cpu/sparse_body.inc"
// The table, last.
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx512 = loop_table;

}  // namespace passbench

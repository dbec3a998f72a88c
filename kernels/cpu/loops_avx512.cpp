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
    static constexpr std::size_t lanes = 16;
    static Register load(const float* from) { return _mm512_load_ps(from); }
    static void store(float* to, Register value) { _mm512_store_ps(to, value); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm512_fmadd_ps(v, m, b); }
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

#include "kernels/cpu/index_body.inc"
#include "kernels/cpu/integer_body.inc"
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx512 = loop_table;

}  // namespace passbench

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
    static constexpr std::size_t lanes = 4;
    static Register load(const float* from) { return _mm_load_ps(from); }
    static void store(float* to, Register value) { _mm_store_ps(to, value); }
    static Register multiply_add(Register v, Register m, Register b) { return _mm_add_ps(_mm_mul_ps(v, m), b); }
};

struct Sums {
    using Register = __m128i;
    static constexpr std::size_t lanes = 2;
    static Register load(const std::uint32_t* from) { return _mm_load_si128(reinterpret_cast<const __m128i*>(from)); }
    static Register widened(const std::uint32_t* from) {
        return _mm_unpacklo_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from)), _mm_setzero_si128());
    }
    static void store(std::uint64_t* to, Register value) { _mm_store_si128(reinterpret_cast<__m128i*>(to), value); }
    static void stream(std::uint64_t* to, Register value) { _mm_stream_si128(reinterpret_cast<__m128i*>(to), value); }
    static Register set1(std::uint64_t value) { return _mm_set1_epi64x(static_cast<long long>(value)); }
    static Register add(Register a, Register b) { return _mm_add_epi64(a, b); }
    static Register low(Register integers) { return _mm_and_si128(integers, set1(0xffffffff)); }
    static Register high(Register integers) { return _mm_srli_epi64(integers, 32); }
    static Register prefix(Register v) { return add(v, _mm_slli_si128(v, 8)); }
    static Register last(Register v) { return _mm_unpackhi_epi64(v, v); }
};

struct SparseFloats {
    using Register = __m128;
    static constexpr std::size_t lanes = 4;
    static Register zero() { return _mm_setzero_ps(); }
    static Register add(Register a, Register b) { return _mm_add_ps(a, b); }
    static Register multiply_add(Register sum, const float* values, const float* x, const std::uint32_t* columns) {
        const Register factors = _mm_setr_ps(x[columns[0]], x[columns[1]], x[columns[2]], x[columns[3]]);
        return _mm_add_ps(sum, _mm_mul_ps(_mm_loadu_ps(values), factors));
    }
    static float sum(Register v) {
        const Register pair = _mm_add_ps(v, _mm_movehl_ps(v, v));
        return _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps(pair, pair, 1)));
    }
};

struct SparseDoubles {
    using Register = __m128d;
    static constexpr std::size_t lanes = 2;
    static Register zero() { return _mm_setzero_pd(); }
    static Register add(Register a, Register b) { return _mm_add_pd(a, b); }
    static Register multiply_add(Register sum, const double* values, const double* x, const std::uint32_t* columns) {
        return _mm_add_pd(sum, _mm_mul_pd(_mm_loadu_pd(values), _mm_setr_pd(x[columns[0]], x[columns[1]])));
    }
    static double sum(Register v) { return _mm_cvtsd_f64(_mm_add_sd(v, _mm_unpackhi_pd(v, v))); }
};

struct Gathered {
    static constexpr std::size_t lanes = 2;
    static void move(const std::uint64_t* table, const std::uint32_t* indices, std::uint64_t* out) {
        const auto* const words = reinterpret_cast<const long long*>(table);
        _mm_store_si128(reinterpret_cast<__m128i*>(out), _mm_set_epi64x(words[indices[1]], words[indices[0]]));
    }
};

#include "kernels/cpu/index_body.inc"
#include "kernels/cpu/integer_body.inc"
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_sse2 = loop_table;

}  // namespace passbench

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
    static Register multiply_add(Register v, Register m, Register b) { return _mm256_fmadd_ps(v, m, b); }
};

struct Sums {
    using Register = __m256i;
    static constexpr std::size_t lanes = 4;
    static Register load(const std::uint32_t* from) {
        return _mm256_load_si256(reinterpret_cast<const __m256i*>(from));
    }
    static Register widened(const std::uint32_t* from) {
        return _mm256_cvtepu32_epi64(_mm_load_si128(reinterpret_cast<const __m128i*>(from)));
    }
    static void store(std::uint64_t* to, Register value) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), value); }
    static void stream(std::uint64_t* to, Register value) {
        _mm256_stream_si256(reinterpret_cast<__m256i*>(to), value);
    }
    static Register set1(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }
    static Register add(Register a, Register b) { return _mm256_add_epi64(a, b); }
    static Register low(Register integers) { return _mm256_and_si256(integers, set1(0xffffffff)); }
    static Register high(Register integers) { return _mm256_srli_epi64(integers, 32); }
    static Register prefix(Register v) {
        v = add(v, _mm256_slli_si256(v, 8));  // within each half
        return add(v, _mm256_blend_epi32(_mm256_setzero_si256(), _mm256_permute4x64_epi64(v, 0x55), 0xf0));
    }
    static Register last(Register v) { return _mm256_permute4x64_epi64(v, 0xff); }
};

// Elements are loaded one by one, which is never much slower than the gather instructions (gather_isa has the figures).
struct SparseFloats {
    using Register = __m256;
    static constexpr std::size_t lanes = 8;
    static Register zero() { return _mm256_setzero_ps(); }
    static Register add(Register a, Register b) { return _mm256_add_ps(a, b); }
    static Register multiply_add(Register sum, const float* values, const float* x, const std::uint32_t* columns) {
        const Register factors = _mm256_setr_ps(x[columns[0]], x[columns[1]], x[columns[2]], x[columns[3]],
                                                x[columns[4]], x[columns[5]], x[columns[6]], x[columns[7]]);
        return _mm256_fmadd_ps(_mm256_loadu_ps(values), factors, sum);
    }
    static float sum(Register v) {
        const __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        const __m128 pair = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(pair, _mm_movehdup_ps(pair)));
    }
};

struct SparseDoubles {
    using Register = __m256d;
    static constexpr std::size_t lanes = 4;
    static Register zero() { return _mm256_setzero_pd(); }
    static Register add(Register a, Register b) { return _mm256_add_pd(a, b); }
    static Register multiply_add(Register sum, const double* values, const double* x, const std::uint32_t* columns) {
        const Register factors = _mm256_setr_pd(x[columns[0]], x[columns[1]], x[columns[2]], x[columns[3]]);
        return _mm256_fmadd_pd(_mm256_loadu_pd(values), factors, sum);
    }
    static double sum(Register v) {
        const __m128d half = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
        return _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
    }
};

struct Gathered {
    static constexpr std::size_t lanes = 4;
    static void move(const std::uint64_t* table, const std::uint32_t* indices, std::uint64_t* out) {
        const auto* const words = reinterpret_cast<const long long*>(table);
        _mm256_store_si256(reinterpret_cast<__m256i*>(out), _mm256_setr_epi64x(words[indices[0]], words[indices[1]],
                                                                               words[indices[2]], words[indices[3]]));
    }
};

#include "kernels/cpu/index_body.inc"
#include "kernels/cpu/integer_body.inc"
#include "kernels/cpu/loops_body.inc"

}  // namespace

const LoopTable loops_avx2 = loop_table;

}  // namespace passbench

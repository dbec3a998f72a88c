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
    static constexpr std::size_t tile_rows =
        6;  // of sums, two registers each: what the 16 registers hold beside operands
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
    static Register sub(Register a, Register b) { return _mm256_sub_ps(a, b); }
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

struct Words {
    // Not __m256i: with some of its functions g++ 12 warns of its own headers, and it has operators for these.
    using Register [[gnu::vector_size(32), gnu::may_alias]] = std::uint64_t;
    static void stream(std::uint64_t* to, Register value) {
        _mm256_stream_si256(reinterpret_cast<__m256i*>(to), reinterpret_cast<__m256i>(value));
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

const LoopTable loops_avx2 = loop_table;

}  // namespace passbench

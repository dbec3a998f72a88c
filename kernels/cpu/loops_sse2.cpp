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
    static constexpr std::size_t tile_rows =
        6;  // of sums, two registers each: what the 16 registers hold beside operands
    static constexpr std::size_t lanes = 4;
    static Register load(const float* from) { return _mm_load_ps(from); }
    static void store(float* to, Register value) { _mm_store_ps(to, value); }
    static Register load_unaligned(const float* from) { return _mm_loadu_ps(from); }
    static void store_unaligned(float* to, Register value) { _mm_storeu_ps(to, value); }
    static Register zero() { return _mm_setzero_ps(); }
    using Whole = __m128i;
    static Whole whole(Register value) { return _mm_cvttps_epi32(value); }
    static Whole add_whole(Whole a, Whole b) { return _mm_add_epi32(a, b); }
    static void store_whole(std::int32_t* to, Whole value) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value); }
    static Register set1(float value) { return _mm_set1_ps(value); }
    static Register add(Register a, Register b) { return _mm_add_ps(a, b); }
    static Register mul(Register a, Register b) { return _mm_mul_ps(a, b); }
    static Register sub(Register a, Register b) { return _mm_sub_ps(a, b); }
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

struct Pixels {
    using Register = __m128i;
    static constexpr std::size_t lanes = 16;
    struct Weights {
        Register first;
        Register second;
    };
    static Register load(const std::uint8_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); }
    static void store(std::uint8_t* to, Register value) { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value); }
    static Register ones() { return _mm_set1_epi8(1); }
    static Weights weights(int first, int second) {
        return {_mm_set1_epi16(static_cast<short>(first)), _mm_set1_epi16(static_cast<short>(second))};
    }
    static Register weigh_low(Register a, Register b, const Weights& weights) {
        const Register zero = _mm_setzero_si128();
        return add(_mm_mullo_epi16(_mm_unpacklo_epi8(a, zero), weights.first),
                   _mm_mullo_epi16(_mm_unpacklo_epi8(b, zero), weights.second));
    }
    static Register weigh_high(Register a, Register b, const Weights& weights) {
        const Register zero = _mm_setzero_si128();
        return add(_mm_mullo_epi16(_mm_unpackhi_epi8(a, zero), weights.first),
                   _mm_mullo_epi16(_mm_unpackhi_epi8(b, zero), weights.second));
    }
    static Register add(Register a, Register b) { return _mm_add_epi16(a, b); }
    static Register amount(Register a) { return _mm_max_epi16(a, _mm_sub_epi16(_mm_setzero_si128(), a)); }
    static Register shift(Register a) { return _mm_srai_epi16(a, image_shift); }
    static Register narrow(Register low, Register high) { return _mm_packus_epi16(low, high); }
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

struct Words {
    // Not __m128i: with some of its functions g++ 12 warns of its own headers, and it has operators for these.
    using Register [[gnu::vector_size(16), gnu::may_alias]] = std::uint64_t;
    static void stream(std::uint64_t* to, Register value) {
        _mm_stream_si128(reinterpret_cast<__m128i*>(to), reinterpret_cast<__m128i>(value));
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

const LoopTable loops_sse2 = loop_table;

}  // namespace passbench

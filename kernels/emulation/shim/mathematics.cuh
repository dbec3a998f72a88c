// Arithmetic that CUDA has beside the C library's. Fused multiply-adds are fused here too (one rounding), so that results
// compare bit for bit with a card's; functions that CUDA approximates (__expf, rsqrtf) are the exact ones.
#pragma once

#include <bit>

#define PASSBENCH_MIN_MAX(type)                               \
    inline type min(type a, type b) { return b < a ? b : a; } \
    inline type max(type a, type b) { return a < b ? b : a; }
PASSBENCH_MIN_MAX(int)
PASSBENCH_MIN_MAX(unsigned)
PASSBENCH_MIN_MAX(long)
PASSBENCH_MIN_MAX(unsigned long)
PASSBENCH_MIN_MAX(long long)
PASSBENCH_MIN_MAX(unsigned long long)
#undef PASSBENCH_MIN_MAX
inline float min(float a, float b) { return std::fmin(a, b); }
inline float max(float a, float b) { return std::fmax(a, b); }
inline double min(double a, double b) { return std::fmin(a, b); }
inline double max(double a, double b) { return std::fmax(a, b); }

inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return std::sqrt(a); }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline float __fdividef(float a, float b) { return a / b; }
inline float __expf(float a) { return std::exp(a); }
inline float __logf(float a) { return std::log(a); }
inline float __sinf(float a) { return std::sin(a); }
inline float __cosf(float a) { return std::cos(a); }
inline float rsqrtf(float a) { return 1.0F / std::sqrt(a); }
inline double rsqrt(double a) { return 1.0 / std::sqrt(a); }
inline float __saturatef(float a) { return std::fmin(1.0F, std::fmax(0.0F, a)); }

inline int __popc(unsigned a) { return std::popcount(a); }
inline int __popcll(unsigned long long a) { return std::popcount(a); }
inline int __clz(int a) { return std::countl_zero(static_cast<unsigned>(a)); }
inline int __clzll(long long a) { return std::countl_zero(static_cast<unsigned long long>(a)); }
inline int __ffs(int a) { return __builtin_ffs(a); }
inline int __ffsll(long long a) { return __builtin_ffsll(a); }
inline unsigned __brev(unsigned a) {
    unsigned reversed = 0;
    for (int bit = 0; bit < 32; ++bit) reversed |= ((a >> bit) & 1U) << (31 - bit);
    return reversed;
}
inline unsigned __umulhi(unsigned a, unsigned b) {
    return static_cast<unsigned>((static_cast<std::uint64_t>(a) * b) >> 32U);
}
inline unsigned __funnelshift_l(unsigned lo, unsigned hi, unsigned shift) {
    const std::uint64_t both = (static_cast<std::uint64_t>(hi) << 32U) | lo;
    return static_cast<unsigned>((both << (shift & 31U)) >> 32U);
}
inline unsigned __funnelshift_r(unsigned lo, unsigned hi, unsigned shift) {
    const std::uint64_t both = (static_cast<std::uint64_t>(hi) << 32U) | lo;
    return static_cast<unsigned>(both >> (shift & 31U));
}

inline float __int_as_float(int a) { return std::bit_cast<float>(a); }
inline int __float_as_int(float a) { return std::bit_cast<int>(a); }
inline float __uint_as_float(unsigned a) { return std::bit_cast<float>(a); }
inline unsigned __float_as_uint(float a) { return std::bit_cast<unsigned>(a); }
inline double __longlong_as_double(long long a) { return std::bit_cast<double>(a); }
inline long long __double_as_longlong(double a) { return std::bit_cast<long long>(a); }
inline float __uint2float_rn(unsigned a) { return static_cast<float>(a); }
inline float __int2float_rn(int a) { return static_cast<float>(a); }

/// Four products of bytes and their sum (DP4A).
inline int __dp4a(int a, int b, int c) {
    for (unsigned byte = 0; byte < 4; ++byte) {
        const auto x = static_cast<std::int8_t>(static_cast<unsigned>(a) >> (8 * byte));
        const auto y = static_cast<std::int8_t>(static_cast<unsigned>(b) >> (8 * byte));
        c += x * y;
    }
    return c;
}

// Barriers, warp votes and shuffles, timers.
#pragma once

#include <bit>

namespace passbench::emulation {

/// Bits of a shuffled value: 4 and 8 bytes as CUDA has them, and the smaller ones that cuda_fp16.h shuffles.
template <typename T>
std::uint64_t to_bits(T value) {
    static_assert(sizeof(T) <= sizeof(std::uint64_t));
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(T));
    return bits;
}

template <typename T>
T from_bits(std::uint64_t bits) {
    T value;
    std::memcpy(&value, &bits, sizeof(T));
    return value;
}

/// `source` is given relative to the caller's segment of `width` lanes; outside of it the caller's own value comes back.
template <typename T>
T shuffle(unsigned mask, T value, int source, int width, const CallSite& site) {
    const int begin = static_cast<int>(lane_id()) / width * width;
    const bool inside = source >= 0 && source < width;
    const unsigned from = inside ? static_cast<unsigned>(begin + source) : lane_id();
    return from_bits<T>(warp_exchange(WarpOperation::shuffle, mask, to_bits(value), from, site));
}

inline int lane_in_segment(int width) { return static_cast<int>(lane_id()) % width; }

}  // namespace passbench::emulation

inline void __syncthreads(const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::block_barrier(true, site);
}
inline int __syncthreads_count(int predicate,
                               const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    return static_cast<int>(passbench::emulation::block_barrier(predicate != 0, site));
}
inline int __syncthreads_and(int predicate,
                             const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    const std::uint64_t yes = passbench::emulation::block_barrier(predicate != 0, site);
    return yes == passbench::emulation::block_threads() ? 1 : 0;
}
inline int __syncthreads_or(int predicate,
                            const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    return passbench::emulation::block_barrier(predicate != 0, site) > 0 ? 1 : 0;
}

inline void __syncwarp(unsigned mask = ~0U,
                       const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::warp_exchange(passbench::emulation::WarpOperation::sync, mask, 0, 0, site);
}
inline unsigned __ballot_sync(unsigned mask, int predicate,
                              const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    using namespace passbench::emulation;
    return static_cast<unsigned>(warp_exchange(WarpOperation::ballot, mask, predicate != 0 ? 1 : 0, 0, site));
}
inline int __any_sync(unsigned mask, int predicate,
                      const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    return __ballot_sync(mask, predicate, site) != 0 ? 1 : 0;
}
inline int __all_sync(unsigned mask, int predicate,
                      const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    using namespace passbench::emulation;
    return static_cast<int>(warp_exchange(WarpOperation::all, mask, predicate != 0 ? 1 : 0, 0, site));
}
template <typename T>
unsigned __match_any_sync(unsigned mask, T value,
                          const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    using namespace passbench::emulation;
    return static_cast<unsigned>(warp_exchange(WarpOperation::match_any, mask, to_bits(value), 0, site));
}
template <typename T>
unsigned __match_all_sync(unsigned mask, T value, int* all_equal,
                          const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    using namespace passbench::emulation;
    const auto lanes = static_cast<unsigned>(warp_exchange(WarpOperation::match_all, mask, to_bits(value), 0, site));
    *all_equal = lanes != 0 ? 1 : 0;
    return lanes;
}
/// Which lanes run together is the hardware's business; the caller alone is an answer that is always right.
inline unsigned __activemask() { return 1U << passbench::emulation::lane_id(); }

template <typename T>
T __shfl_sync(unsigned mask, T value, int source, int width = warpSize,
              const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    // Of an index beyond the segment CUDA takes the remainder, unlike the relative shuffles.
    return passbench::emulation::shuffle(mask, value, source & (width - 1), width, site);
}
template <typename T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                 const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    const int source = passbench::emulation::lane_in_segment(width) - static_cast<int>(delta);
    return passbench::emulation::shuffle(mask, value, source, width, site);
}
template <typename T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                   const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    const int source = passbench::emulation::lane_in_segment(width) + static_cast<int>(delta);
    return passbench::emulation::shuffle(mask, value, source, width, site);
}
template <typename T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                  const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    const int source = passbench::emulation::lane_in_segment(width) ^ lane_mask;
    return passbench::emulation::shuffle(mask, value, source, width, site);
}

inline void __threadfence() { passbench::emulation::device_fence(); }
inline void __threadfence_block() { passbench::emulation::device_fence(); }
inline void __threadfence_system() { passbench::emulation::device_fence(); }

inline long long clock64() { return passbench::emulation::device_clock(); }
inline void __nanosleep(unsigned ns) { passbench::emulation::device_sleep(ns); }
[[noreturn]] inline void __trap(const passbench::emulation::CallSite site = passbench::emulation::CallSite::here()) {
    passbench::emulation::device_trap("__trap", site);
}

template <typename T>
T __ldg(const T* address) {
    return *address;
}
template <typename T>
T __ldcg(const T* address) {
    return *address;
}
template <typename T>
T __ldcs(const T* address) {
    return *address;
}
template <typename T>
void __stcs(T* address, T value) {
    *address = value;
}
template <typename T>
void __stcg(T* address, T value) {
    *address = value;
}

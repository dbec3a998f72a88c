// Kernels that move data over the link to the host by themselves: a copy, a sum of what is read, a chase from pointer to pointer;
// and arithmetic for beside the copies of the copy engines. Memory of the host is read past the device's caches, so that what
// was read before cannot answer.
#include "kernels/cuda/intrinsics.cuh"
#include "kernels/cuda/kernel.cuh"

namespace {

// Loads that a thread has under way at once: the link takes over a microsecond to answer.
constexpr unsigned in_flight = 4;

__device__ std::size_t this_thread() { return static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ std::size_t all_threads() { return static_cast<std::size_t>(gridDim.x) * blockDim.x; }

}  // namespace

/// 16 bytes at a time where both places are aligned to that, else byte by byte.
PASSBENCH_KERNEL(transfers_copy, (const unsigned char* from, unsigned char* to, std::size_t bytes)) {
    const std::size_t threads = all_threads();
    const bool is_aligned =
        (reinterpret_cast<std::size_t>(from) | reinterpret_cast<std::size_t>(to)) % sizeof(uint4) == 0;
    const std::size_t vectors = is_aligned ? bytes / sizeof(uint4) : 0;
    const auto* const source = reinterpret_cast<const uint4*>(from);
    auto* const target = reinterpret_cast<uint4*>(to);
    for (std::size_t first = this_thread(); first < vectors; first += in_flight * threads) {
        uint4 words[in_flight];
        for (unsigned k = 0; k < in_flight; ++k) {
            if (first + k * threads < vectors) words[k] = passbench::device::load_anew(source + first + k * threads);
        }
        for (unsigned k = 0; k < in_flight; ++k) {
            if (first + k * threads < vectors) target[first + k * threads] = words[k];
        }
    }
    for (std::size_t i = vectors * sizeof(uint4) + this_thread(); i < bytes; i += threads) {
        to[i] = passbench::device::load_anew(from + i);
    }
}

/// Adds the numbers to *sum. For blocks of whole warps.
PASSBENCH_KERNEL(transfers_read, (const double2* numbers, double* sum, std::size_t pairs)) {
    constexpr unsigned all_lanes = 0xffffffffU;
    constexpr unsigned lanes = 32;
    const std::size_t threads = all_threads();
    double parts[in_flight] = {};
    for (std::size_t first = this_thread(); first < pairs; first += in_flight * threads) {
        double2 words[in_flight] = {};
        for (unsigned k = 0; k < in_flight; ++k) {
            if (first + k * threads < pairs) words[k] = passbench::device::load_anew(numbers + first + k * threads);
        }
        for (unsigned k = 0; k < in_flight; ++k) parts[k] += words[k].x + words[k].y;
    }
    double part = parts[0] + parts[1] + parts[2] + parts[3];
    for (unsigned distance = lanes / 2; distance > 0; distance /= 2)
        part += __shfl_down_sync(all_lanes, part, distance);
    if (threadIdx.x % lanes == 0) atomicAdd(sum, part);
}

/// For one thread: *place holds the address of a node, each node that of the next one.
PASSBENCH_KERNEL(transfers_chase, (unsigned long long* place, unsigned hops)) {
    std::uint64_t at = *place;
    for (unsigned hop = 0; hop < hops; ++hop) {
        at = passbench::device::load_anew(reinterpret_cast<const std::uint64_t*>(at));
    }
    *place = at;
}

/// A chain of multiply-adds that each wait for the one before, modulo 2^32.
PASSBENCH_KERNEL(transfers_compute,
                 (const unsigned* start, unsigned* result, unsigned factor, unsigned addend, unsigned steps)) {
    unsigned value = start[this_thread()];
    for (unsigned step = 0; step < steps; ++step) value = value * factor + addend;
    result[this_thread()] = value;
}

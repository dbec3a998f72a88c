// Kernels that the tests of the stand-in driver launch: each shows one thing that kernels do.
#include "kernels/cuda/intrinsics.cuh"
#include "kernels/cuda/kernel.cuh"

namespace {

template <typename T>
__device__ __forceinline__ T warp_sum(T value) {
    for (int offset = warpSize / 2; offset > 0; offset /= 2) value += __shfl_down_sync(0xffffffffU, value, offset);
    return value;
}

template <typename T>
__device__ void scale(T* values, T factor, std::size_t n) {
    const std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
    if (i < n) values[i] *= factor;
}

}  // namespace

PASSBENCH_KERNEL(empty_kernel, ()) {}

PASSBENCH_KERNEL(vector_add,
                 (const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ out, int n)) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) out[i] = a[i] + b[i];
}

PASSBENCH_KERNEL_BOUNDS(block_sums, 256, (const double* x, double* out, std::size_t n)) {
    __shared__ double partial[32];
    const std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
    const unsigned lane = threadIdx.x % 32;
    const unsigned warp = threadIdx.x / 32;
    const double sum = warp_sum(i < n ? x[i] : 0.0);
    if (lane == 0) partial[warp] = sum;
    __syncthreads();
    if (warp == 0) {
        const double total = warp_sum(lane < blockDim.x / 32 ? partial[lane] : 0.0);
        if (lane == 0) out[blockIdx.x] = total;
    }
}

// Both halves of a warp vote on their own; the results of each lane are three words.
PASSBENCH_KERNEL(votes, (unsigned* out)) {
    const unsigned lane = threadIdx.x % 32;
    const bool low = lane < 16;
    const unsigned mask = low ? 0x0000ffffU : 0xffff0000U;
    unsigned result = 0;
    if (low) {
        result = __ballot_sync(mask, lane % 2 == 0);
    } else {
        result = __ballot_sync(mask, lane % 4 == 0);
    }
    out[threadIdx.x * 3] = result;
    out[threadIdx.x * 3 + 1] =
        static_cast<unsigned>(__any_sync(0xffffffffU, lane == 7) * 2 + __all_sync(0xffffffffU, lane < 32));
    out[threadIdx.x * 3 + 2] = __match_any_sync(0xffffffffU, lane / 8);
}

PASSBENCH_KERNEL(shuffles, (long long* out)) {
    const auto lane = static_cast<long long>(threadIdx.x % 32);
    const long long value = lane * 1000000007LL;
    out[threadIdx.x * 4] = __shfl_sync(0xffffffffU, value, 5);
    out[threadIdx.x * 4 + 1] = __shfl_up_sync(0xffffffffU, value, 3U);
    out[threadIdx.x * 4 + 2] = __shfl_down_sync(0xffffffffU, value, 2U, 8);
    out[threadIdx.x * 4 + 3] = __shfl_xor_sync(0xffffffffU, value, 1);
}

PASSBENCH_KERNEL(histogram, (const unsigned char* data, std::size_t n, unsigned* bins)) {
    const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
    for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i < n; i += stride)
        atomicAdd(&bins[data[i]], 1);
}

PASSBENCH_KERNEL(atomic_forms, (float* real, int* most, int* least, unsigned* bits, unsigned long long* wide)) {
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    atomicAdd(real, 0.5F);
    atomicMax(most, i);
    atomicMin(least, -i);
    atomicOr(bits, 1U << (threadIdx.x % 32));
    unsigned long long expected = 0;
    for (;;) {
        const unsigned long long seen = atomicCAS(wide, expected, expected + 2);
        if (seen == expected) break;
        expected = seen;
    }
}

/// With as much static shared memory as a kernel may have, which a library that programs load at run time must be able to hold.
PASSBENCH_KERNEL(reverse_in_static_shared, (int* values)) {
    constexpr unsigned ints = (48U << 10) / sizeof(int);
    __shared__ int shared[ints];
    const unsigned step = ints / blockDim.x;
    shared[threadIdx.x * step] = values[threadIdx.x];
    __syncthreads();
    values[threadIdx.x] = shared[(blockDim.x - 1 - threadIdx.x) * step];
}

PASSBENCH_KERNEL(reverse_in_shared, (int* values)) {
    PASSBENCH_DYNAMIC_SHARED(int, tile);
    tile[threadIdx.x] = values[threadIdx.x];
    __syncthreads();
    values[threadIdx.x] = tile[blockDim.x - 1 - threadIdx.x];
}

PASSBENCH_KERNEL(scale_f32, (float* values, float factor, std::size_t n)) { scale(values, factor, n); }
PASSBENCH_KERNEL(scale_i64, (long long* values, long long factor, std::size_t n)) { scale(values, factor, n); }

PASSBENCH_KERNEL(coordinates, (unsigned* out, unsigned width)) {
    const unsigned x = blockIdx.x * blockDim.x + threadIdx.x;
    const unsigned y = blockIdx.y * blockDim.y + threadIdx.y;
    out[y * width + x] = y * 1000 + x;
}

PASSBENCH_KERNEL(counted_barrier, (int* out)) {
    const int odd = __syncthreads_count(static_cast<int>(threadIdx.x % 2));
    const int all = __syncthreads_and(1);
    const int none = __syncthreads_or(0);
    out[threadIdx.x] = odd * 100 + all * 10 + none;
}

struct Mixed {
    char tag;
    double weight;
};
PASSBENCH_KERNEL(mixed_parameters, (char c, double d, short s, Mixed m, float* out)) {
    out[0] = static_cast<float>(c);
    out[1] = static_cast<float>(d);
    out[2] = static_cast<float>(s);
    out[3] = static_cast<float>(m.weight) + static_cast<float>(m.tag);
}

PASSBENCH_DEVICE_GLOBAL(int, launch_count);
PASSBENCH_KERNEL(count_launches, ()) {
    if (blockIdx.x == 0 && threadIdx.x == 0) atomicAdd(&launch_count, 1);
}

// How intrinsics.cuh reads the global timer is the project's business; here both compilers have one each.
#if defined(__CUDACC__)
__device__ __forceinline__ long long global_timer() {
    long long ns;
    asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(ns));
    return ns;
}
#else
inline long long global_timer() { return passbench::emulation::device_global_timer_ns(); }
#endif

/// Answers each of the host's `rounds` with the time at which it saw it.
PASSBENCH_KERNEL(answer_host, (std::uint32_t * request, std::uint64_t* answers, unsigned rounds)) {
    for (std::uint32_t round = 1; round <= rounds; ++round) {
        if (!passbench::device::wait_for_host(request, round, ~std::uint64_t{0})) return;
        passbench::device::tell_host(&answers[round - 1], passbench::device::global_timer_ns());
    }
}

PASSBENCH_KERNEL(spin, (long long* stamps, long long ns)) {
    stamps[0] = global_timer();
    stamps[2] = clock64();
    while (global_timer() - stamps[0] < ns) {
    }
    stamps[1] = global_timer();
    stamps[3] = clock64();
}

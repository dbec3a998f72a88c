// launch: as little as a kernel can do and still leave a trace. The result of the addition is not used, so that the thread does
// not wait for memory.
#include "kernels/cuda/intrinsics.cuh"
#include "kernels/cuda/launch_shape.hpp"

namespace {

__device__ void count_one(unsigned long long* counter) { atomicAdd(counter, 1ULL); }

}  // namespace

PASSBENCH_KERNEL(launch_count, (unsigned long long* counter)) { count_one(counter); }

/// The same, and its times.
PASSBENCH_KERNEL(launch_count_stamped, (unsigned long long* counter, passbench::KernelStamps* stamps, unsigned which)) {
    using namespace passbench::device;
    const std::uint64_t begin_ns = global_timer_ns();
    const std::uint64_t begin_cycles = cycles();
    count_one(counter);
    const std::uint64_t end_cycles = cycles();
    const std::uint64_t end_ns = global_timer_ns();
    if ((which & static_cast<unsigned>(passbench::StampedAt::begin)) != 0) stamps->begin_ns = begin_ns;
    if ((which & static_cast<unsigned>(passbench::StampedAt::end)) != 0) {
        stamps->end_ns = end_ns;
        stamps->cycles = end_cycles - begin_cycles;
    }
}

#include "kernels/cuda/roofline_ceilings.hpp"

#include <algorithm>
#include <limits>

#include "kernels/cpu/roofline_inputs.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/roofline_shape.hpp"

namespace passbench {

namespace {

static_assert(roofline_block_floats == roofline_chunk);

constexpr int launches = 5;
constexpr unsigned blocks_a_multiprocessor = 16;

unsigned blocks_of(std::size_t count) { return static_cast<unsigned>(roofline_chunks(count)); }

/// Nanoseconds of the shortest of several launches.
template <typename Launch>
Result<double> best_ns(const Gpu& gpu, const Stream& stream, const Launch& launch) {
    PASSBENCH_TRY(const Event begin, gpu.make_event());
    PASSBENCH_TRY(const Event end, gpu.make_event());
    const DriverCalls& calls = gpu.calls();
    constexpr std::string_view doing = "measuring what the device reaches";
    float best_ms = std::numeric_limits<float>::max();
    for (int i = 0; i < launches; ++i) {
        PASSBENCH_CHECK(gpu.check(calls.cuEventRecord(begin.get(), stream.get()), doing));
        PASSBENCH_CHECK(gpu.check(launch(), doing));
        PASSBENCH_CHECK(gpu.check(calls.cuEventRecord(end.get(), stream.get()), doing));
        PASSBENCH_CHECK(gpu.check(calls.cuStreamSynchronize(stream.get()), doing));
        float elapsed_ms = 0;
        PASSBENCH_CHECK(gpu.check(calls.cuEventElapsedTime(&elapsed_ms, begin.get(), end.get()), doing));
        best_ms = std::min(best_ms, elapsed_ms);
    }
    constexpr double ns_a_ms = 1e6;
    return static_cast<double>(best_ms) * ns_a_ms;
}

}  // namespace

Result<RooflineKernel> RooflineKernel::load(const Gpu& gpu) {
    RooflineKernel result;
    PASSBENCH_TRY(result.module, gpu.load(roofline_image()));
    PASSBENCH_TRY(result.kernel, (gpu.kernel<CUdeviceptr, std::size_t, unsigned, float, unsigned, CUdeviceptr>(
                                     result.module, "roofline")));
    return result;
}

CUresult RooflineKernel::launch(const Stream& stream, const DeviceMemory& x, std::size_t count, float multiplier,
                                unsigned fmas, const DeviceMemory& sums) const {
    return kernel.launch(stream, {.blocks = blocks_of(count), .threads = roofline_threads}, x.address(), count, 1,
                         multiplier, fmas, sums.address());
}

Result<RooflineCeilings> measure_roofline_ceilings(const Gpu& gpu, const Stream& stream, const RooflineKernel& kernel,
                                                   const DeviceMemory& x, unsigned fmas) {
    const std::size_t count = x.size_bytes() / sizeof(float);
    const unsigned busy = static_cast<unsigned>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT))) *
                          blocks_a_multiprocessor;
    PASSBENCH_TRY(const DeviceMemory sums, gpu.allocate(std::max(busy, blocks_of(count)) * sizeof(unsigned)));
    PASSBENCH_TRY(const double read_ns,
                  best_ns(gpu, stream, [&] { return kernel.launch(stream, x, count, 1, 0, sums); }));
    // All blocks take the same few kilobytes, from the cache.
    PASSBENCH_TRY(const double arithmetic_ns, best_ns(gpu, stream, [&] {
                      return kernel.kernel.launch(stream, {.blocks = busy, .threads = roofline_threads}, x.address(),
                                                  count, 0, 1, fmas, sums.address());
                  }));
    constexpr double ns_a_second = 1e9;
    constexpr double flops_a_fma = 2;
    const double operations = flops_a_fma * fmas * roofline_block_floats * busy;
    return RooflineCeilings{.bytes_a_second = static_cast<double>(x.size_bytes()) / read_ns * ns_a_second,
                            .flops = operations / arithmetic_ns * ns_a_second};
}

}  // namespace passbench

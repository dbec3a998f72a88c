#include "kernels/cuda/sm_clock.hpp"

#include <algorithm>
#include <vector>

#include "kernels/cuda/clock_stamps.hpp"
#include "kernels/cuda/fma_shape.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

Result<double> measure_sm_clock_hz(const Gpu& gpu, const Stream& stream) {
    using Address = CUdeviceptr;
    constexpr unsigned threads_a_block = 256;
    constexpr int launches = 4;
    // Of 64 or 128 lanes: 4 or 2 ms at 1.5 GHz.
    constexpr long long pairs = 100'000;
    const auto blocks = static_cast<unsigned>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)));
    const std::size_t numbers = std::size_t{blocks} * threads_a_block * gpu_fma_accumulators;

    PASSBENCH_TRY(const Module module, gpu.load(fma_image()));
    PASSBENCH_TRY(const auto kernel,
                  (gpu.kernel<Address, Address, Address, float, long long, Address, Address>(module, "fma_f32")));
    const std::vector<float> zeros(numbers, 0);
    PASSBENCH_TRY(const DeviceMemory start, gpu.allocate(numbers * sizeof(float)));
    PASSBENCH_TRY(const DeviceMemory result, gpu.allocate(numbers * sizeof(float)));
    PASSBENCH_TRY(ClockStamps stamps, ClockStamps::allocate(gpu, blocks));
    PASSBENCH_CHECK(gpu.upload(start, std::as_bytes(std::span(zeros))));

    double best_hz = 0;
    for (int launch = 0; launch < launches; ++launch) {
        PASSBENCH_CHECK(
            gpu.check(kernel.launch(stream, {.blocks = blocks, .threads = threads_a_block}, start.address(),
                                    start.address(), start.address(), -1.0F, pairs, result.address(), stamps.address()),
                      "measuring the clock"));
        PASSBENCH_CHECK(gpu.check(gpu.calls().cuStreamSynchronize(stream.get()), "measuring the clock"));
        PASSBENCH_TRY(const double clock_hz, stamps.read_hz(gpu));
        best_hz = std::max(best_hz, clock_hz);
    }
    return best_hz;
}

}  // namespace passbench

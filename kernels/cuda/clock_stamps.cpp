#include "kernels/cuda/clock_stamps.hpp"

#include <span>

namespace passbench {

Result<ClockStamps> ClockStamps::allocate(const Gpu& gpu, unsigned blocks) {
    ClockStamps stamps;
    stamps.of_blocks_.resize(blocks);
    PASSBENCH_TRY(stamps.of_device_, gpu.allocate(blocks * sizeof(stamps.of_blocks_[0])));
    return stamps;
}

Result<double> ClockStamps::read_hz(const Gpu& gpu) {
    PASSBENCH_CHECK(gpu.download(std::as_writable_bytes(std::span(of_blocks_)), of_device_));
    double ns = 0;
    double cycles = 0;
    for (const auto& [block_ns, block_cycles] : of_blocks_) {
        ns += static_cast<double>(block_ns);
        cycles += static_cast<double>(block_cycles);
    }
    constexpr double ns_a_second = 1e9;
    return ns == 0 ? 0 : cycles / ns * ns_a_second;
}

}  // namespace passbench

// What the cuda forms over an array of 32-bit integers share on the host: bringing it to the device, and how many blocks go over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cuda/gpu.hpp"

namespace passbench {

/// Fills the integers by `fill(integers, share)` on all workers, in host memory that is large enough, and copies them.
template <typename Inputs>
[[nodiscard]] Result<void> upload_integers(const Gpu& gpu, ThreadPool& pool, const Inputs& inputs,
                                           std::span<std::uint32_t> host, const DeviceMemory& device) {
    pool.run(pool.size(), [&](int worker) { inputs.fill(host, share_of(host.size(), worker, pool.size())); });
    return gpu.upload(device, std::as_bytes(host));
}

/// As many blocks of `threads` as are on the device at once, in whole rounds, and no more than there are integers for.
[[nodiscard]] inline unsigned blocks_for(const Gpu& gpu, std::size_t count, unsigned threads) {
    constexpr unsigned threads_a_multiprocessor = 2048;  // the most of all cards
    constexpr std::size_t integers_a_thread = 4;         // one load
    const auto multiprocessors =
        static_cast<unsigned>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)));
    const std::size_t integers_a_block = threads * integers_a_thread;
    const std::size_t useful = (count + integers_a_block - 1) / integers_a_block;
    return static_cast<unsigned>(std::min<std::size_t>(useful, multiprocessors * (threads_a_multiprocessor / threads)));
}

}  // namespace passbench

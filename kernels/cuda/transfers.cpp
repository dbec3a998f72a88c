#include "kernels/cuda/transfers.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "kernels/cpu/duplex_inputs.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/pcie_link.hpp"

namespace passbench {

namespace {

constexpr unsigned threads_a_block = 256;
constexpr unsigned blocks_a_multiprocessor = 4;
constexpr std::size_t vector_bytes = 16;
// A quarter of a second on the slowest link there is (Gen1 x1).
constexpr std::size_t most_bytes_a_launch = std::size_t{64} << 20;
constexpr unsigned compute_threads = 128;

/// Enough blocks for so many vectors, at most what keeps the card busy.
Grid grid_for(std::size_t vectors, unsigned multiprocessors) {
    const std::size_t wanted = (vectors + threads_a_block - 1) / threads_a_block;
    const std::size_t most = std::size_t{multiprocessors} * blocks_a_multiprocessor;
    return {.blocks = static_cast<unsigned>(std::clamp<std::size_t>(wanted, 1, most)), .threads = threads_a_block};
}

}  // namespace

Result<TransferKernels> TransferKernels::load(const Gpu& gpu) {
    TransferKernels kernels;
    PASSBENCH_TRY(kernels.module_, gpu.load(transfers_image()));
    const Module& module = kernels.module_;
    PASSBENCH_TRY(kernels.copy_, (gpu.kernel<CUdeviceptr, CUdeviceptr, std::size_t>(module, "transfers_copy")));
    PASSBENCH_TRY(kernels.read_, (gpu.kernel<CUdeviceptr, CUdeviceptr, std::size_t>(module, "transfers_read")));
    PASSBENCH_TRY(kernels.chase_, (gpu.kernel<CUdeviceptr, unsigned>(module, "transfers_chase")));
    PASSBENCH_TRY(kernels.compute_,
                  (gpu.kernel<CUdeviceptr, CUdeviceptr, unsigned, unsigned, unsigned>(module, "transfers_compute")));
    kernels.multiprocessors_ =
        static_cast<unsigned>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)));
    return kernels;
}

CUresult TransferKernels::copy(const Stream& stream, CUdeviceptr from, CUdeviceptr to, std::size_t size_bytes) const {
    for (std::size_t done = 0; done < size_bytes; done += most_bytes_a_launch) {
        const std::size_t bytes = std::min(most_bytes_a_launch, size_bytes - done);
        const CUresult result =
            copy_.launch(stream, grid_for(bytes / vector_bytes, multiprocessors_), from + done, to + done, bytes);
        if (result != CUDA_SUCCESS) return result;
    }
    return CUDA_SUCCESS;
}

CUresult TransferKernels::add_up(const Stream& stream, CUdeviceptr numbers, CUdeviceptr sum, std::size_t count) const {
    const std::size_t size_bytes = count * sizeof(double);
    for (std::size_t done = 0; done < size_bytes; done += most_bytes_a_launch) {
        const std::size_t pairs = std::min(most_bytes_a_launch, size_bytes - done) / vector_bytes;
        const CUresult result = read_.launch(stream, grid_for(pairs, multiprocessors_), numbers + done, sum, pairs);
        if (result != CUDA_SUCCESS) return result;
    }
    return CUDA_SUCCESS;
}

CUresult TransferKernels::chase(const Stream& stream, CUdeviceptr place, unsigned hops) const {
    return chase_.launch(stream, {.blocks = 1, .threads = 1}, place, hops);
}

std::size_t TransferKernels::compute_chains() const { return std::size_t{multiprocessors_} * compute_threads; }

CUresult TransferKernels::compute(const Stream& stream, CUdeviceptr start, CUdeviceptr result, unsigned steps) const {
    return compute_.launch(stream, {.blocks = multiprocessors_, .threads = compute_threads}, start, result,
                           duplex_factor, duplex_addend, steps);
}

InstanceLimit link_limit(const Gpu& gpu, int directions) {
    if (gpu.driver().is_simulated()) return no_limit("no limit: the device is simulated");
    const auto link = read_pcie_link(gpu.pci_bus_id());
    if (!link) return no_limit("no limit: this machine does not show the card's PCIe link");
    return {.value = raw_bytes_a_second(*link) * directions,
            .kind = LimitKind::physical,
            .metric = "bandwidth",
            .formula = fmt::format("{:g} GT/s x {} lanes x {}{}", link->gigatransfers, link->lanes,
                                   link->gigatransfers < first_128b130b_gigatransfers ? "8/10" : "128/130",
                                   directions == 1 ? "" : " x 2 directions")};
}

}  // namespace passbench

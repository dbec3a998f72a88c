// The kernels of transfers.cu as launches that end in time: what takes long is cut, because a kernel that runs a second is ended by
// the host's watchdog under GPU-PV.
#pragma once

#include <cstddef>
#include <optional>

#include "kernels/cuda/gpu.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

class TransferKernels {
public:
    [[nodiscard]] static Result<TransferKernels> load(const Gpu& gpu);

    /// Copies by reading `from` and writing `to`, of which one may be mapped memory of the host.
    CUresult copy(const Stream& stream, CUdeviceptr from, CUdeviceptr to, std::size_t size_bytes) const;
    /// Adds the doubles, of which there is an even number, to *sum.
    CUresult add_up(const Stream& stream, CUdeviceptr numbers, CUdeviceptr sum, std::size_t count) const;
    /// *place becomes the address of the node that is `hops` hops further on.
    CUresult chase(const Stream& stream, CUdeviceptr place, unsigned hops) const;

    /// One chain of the arithmetic a thread.
    [[nodiscard]] std::size_t compute_chains() const;
    CUresult compute(const Stream& stream, CUdeviceptr start, CUdeviceptr result, unsigned steps) const;

private:
    Module module_;
    unsigned multiprocessors_ = 1;
    Kernel<CUdeviceptr, CUdeviceptr, std::size_t> copy_;
    Kernel<CUdeviceptr, CUdeviceptr, std::size_t> read_;
    Kernel<CUdeviceptr, unsigned> chase_;
    Kernel<CUdeviceptr, CUdeviceptr, unsigned, unsigned, unsigned> compute_;
};

/// What bounds copies over the card's link, for `directions` at once: physical, or none with the reason.
[[nodiscard]] InstanceLimit link_limit(const Gpu& gpu, int directions);

}  // namespace passbench

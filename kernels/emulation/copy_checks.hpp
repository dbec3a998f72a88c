// From the arguments of a copy or a memset, by whichever entry point they came, to work that a stream can run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cuda.h>

#include "kernels/emulation/work.hpp"

namespace passbench::emulation {

struct CopyEnd {
    void* address;
    CUmemorytype memory;  // host, device, or unified: then the address tells
    std::size_t pitch_bytes = 0;
    std::size_t slice_bytes = 0;
};

struct CopyExtent {
    std::size_t row_bytes;
    std::size_t rows = 1;
    std::size_t slices = 1;
};

struct FillExtent {
    unsigned element_bytes;
    std::size_t columns;
    std::size_t rows = 1;
    std::size_t pitch_bytes = 0;
};

/// Each fills `work`, or says with CUDA's code what is wrong.
[[nodiscard]] CUresult make_copy_work(const CopyEnd& to, const CopyEnd& from, const CopyExtent& extent, CopyWork& work);
[[nodiscard]] CUresult make_copy_work(const CUDA_MEMCPY3D& copy, CopyWork& work);
[[nodiscard]] CUresult make_fill_work(CUdeviceptr to, std::uint32_t value, const FillExtent& extent, FillWork& work);

}  // namespace passbench::emulation

// The CUDA forms of the catalogue's workloads, a .cpp and mostly a .cu each. Everybody else asks workload_forms().
#pragma once

#include "kernels/workload_instance.hpp"

namespace passbench {

/// Empty work, handed to the device and waited for: launch.cpp.
[[nodiscard]] PreparedCase prepare_cuda_launch(const Parameters& parameters, const InstanceContext& context);
/// Turns from stream to stream, or to the host: event.cpp.
[[nodiscard]] PreparedCase prepare_cuda_event(const Parameters& parameters, const InstanceContext& context);
/// Memory, contexts and modules, asked for and given back: control_path.cpp.
[[nodiscard]] PreparedCase prepare_cuda_control_path(const Parameters& parameters, const InstanceContext& context);
/// Between host and device: copy.cpp.
[[nodiscard]] PreparedCase prepare_cuda_copy(const Parameters& parameters, const InstanceContext& context);
/// Two things at once on two streams: duplex.cpp.
[[nodiscard]] PreparedCase prepare_cuda_duplex(const Parameters& parameters, const InstanceContext& context);
/// A chase through the host's memory: host_chase.cpp.
[[nodiscard]] PreparedCase prepare_cuda_host_chase(const Parameters& parameters, const InstanceContext& context);
/// The host's memory read by a kernel: host_read.cpp.
[[nodiscard]] PreparedCase prepare_cuda_host_read(const Parameters& parameters, const InstanceContext& context);
/// A graph of nearly empty kernels: graph.cpp.
[[nodiscard]] PreparedCase prepare_cuda_graph(const Parameters& parameters, const InstanceContext& context);
/// Long arrays of doubles in the device's memory: stream.cpp.
[[nodiscard]] PreparedCase prepare_cuda_stream(const Parameters& parameters, const InstanceContext& context);
/// Peak arithmetic of the device: fma.cpp.
[[nodiscard]] PreparedCase prepare_cuda_fma(const Parameters& parameters, const InstanceContext& context);
/// Stencil, convolution and Sobel on a frame: image.cpp.
[[nodiscard]] PreparedCase prepare_cuda_image(const Parameters& parameters, const InstanceContext& context);
/// Operational intensity: roofline.cpp.
[[nodiscard]] PreparedCase prepare_cuda_roofline(const Parameters& parameters, const InstanceContext& context);
/// Fourier transforms: fft.cpp.
[[nodiscard]] PreparedCase prepare_cuda_fft(const Parameters& parameters, const InstanceContext& context);
/// The sum of 32-bit integers, brought to the host: reduce.cpp.
[[nodiscard]] PreparedCase prepare_cuda_reduce(const Parameters& parameters, const InstanceContext& context);
/// All their prefix sums: scan.cpp.
[[nodiscard]] PreparedCase prepare_cuda_scan(const Parameters& parameters, const InstanceContext& context);
/// Counts of 256 bins: histogram.cpp.
[[nodiscard]] PreparedCase prepare_cuda_histogram(const Parameters& parameters, const InstanceContext& context);
/// Radix sort of 32-bit keys: sort.cpp.
[[nodiscard]] PreparedCase prepare_cuda_sort(const Parameters& parameters, const InstanceContext& context);
/// A sparse matrix times a vector: spmv.cpp.
[[nodiscard]] PreparedCase prepare_cuda_spmv(const Parameters& parameters, const InstanceContext& context);
/// Elements of a table: gather.cpp.
[[nodiscard]] PreparedCase prepare_cuda_gather(const Parameters& parameters, const InstanceContext& context);
/// Pages that host and device share: managed.cpp.
[[nodiscard]] PreparedCase prepare_cuda_managed(const Parameters& parameters, const InstanceContext& context);
/// Patterns written to the device's memory and compared: memtest.cpp.
[[nodiscard]] PreparedCase prepare_cuda_memtest(const Parameters& parameters, const InstanceContext& context);
/// Arithmetic for minutes: burn.cpp.
[[nodiscard]] PreparedCase prepare_cuda_burn(const Parameters& parameters, const InstanceContext& context);

/// Matrix products, by cuBLASLt or own kernels: gemm.cpp.
[[nodiscard]] PreparedCase prepare_cuda_gemm(const Parameters& parameters, const InstanceContext& context);

/// Many small matrix products: gemm_batched.cpp.
[[nodiscard]] PreparedCase prepare_cuda_gemm_batched(const Parameters& parameters, const InstanceContext& context);
/// Many small kernels, each after the one before: tiny_kernels.cpp.
[[nodiscard]] PreparedCase prepare_cuda_tiny_kernels(const Parameters& parameters, const InstanceContext& context);

}  // namespace passbench

// The CPU forms of the catalogue's workloads, a file each. Everybody else asks workload_forms() (workload_instance.hpp).
#pragma once

#include "kernels/workload_instance.hpp"

namespace passbench {

/// Long arrays of doubles: stream.cpp.
[[nodiscard]] PreparedCase prepare_stream(const Parameters& parameters, const InstanceContext& context);
/// One buffer to another: copy.cpp.
[[nodiscard]] PreparedCase prepare_copy(const Parameters& parameters, const InstanceContext& context);
/// Two things at once: duplex.cpp.
[[nodiscard]] PreparedCase prepare_duplex(const Parameters& parameters, const InstanceContext& context);
/// A chase from pointer to pointer: host_chase.cpp.
[[nodiscard]] PreparedCase prepare_host_chase(const Parameters& parameters, const InstanceContext& context);
/// Memory read once through: host_read.cpp.
[[nodiscard]] PreparedCase prepare_host_read(const Parameters& parameters, const InstanceContext& context);
/// Peak arithmetic: fma.cpp.
[[nodiscard]] PreparedCase prepare_fma(const Parameters& parameters, const InstanceContext& context);
/// A task to a waiting thread and back: dispatch.cpp.
[[nodiscard]] PreparedCase prepare_dispatch(const Parameters& parameters, const InstanceContext& context);
/// Stencil, convolution and Sobel on a frame: image.cpp.
[[nodiscard]] PreparedCase prepare_image(const Parameters& parameters, const InstanceContext& context);
/// Operational intensity: roofline.cpp.
[[nodiscard]] PreparedCase prepare_roofline(const Parameters& parameters, const InstanceContext& context);
/// A graph of tasks: graph.cpp.
[[nodiscard]] PreparedCase prepare_graph(const Parameters& parameters, const InstanceContext& context);
/// Turns from thread to thread: event.cpp.
[[nodiscard]] PreparedCase prepare_event(const Parameters& parameters, const InstanceContext& context);
/// Memory, threads and libraries, asked for and given back: control_path.cpp.
[[nodiscard]] PreparedCase prepare_control_path(const Parameters& parameters, const InstanceContext& context);
/// Fourier transforms: fft.cpp.
[[nodiscard]] PreparedCase prepare_fft(const Parameters& parameters, const InstanceContext& context);
/// The sum of 32-bit integers: reduce.cpp.
[[nodiscard]] PreparedCase prepare_reduce(const Parameters& parameters, const InstanceContext& context);
/// All their prefix sums: scan.cpp.
[[nodiscard]] PreparedCase prepare_scan(const Parameters& parameters, const InstanceContext& context);
/// Counts of 256 bins: histogram.cpp.
[[nodiscard]] PreparedCase prepare_histogram(const Parameters& parameters, const InstanceContext& context);
/// Radix sort of 32-bit keys: sort.cpp.
[[nodiscard]] PreparedCase prepare_sort(const Parameters& parameters, const InstanceContext& context);
/// A sparse matrix times a vector: spmv.cpp.
[[nodiscard]] PreparedCase prepare_spmv(const Parameters& parameters, const InstanceContext& context);
/// Elements of a table: gather.cpp.
[[nodiscard]] PreparedCase prepare_gather(const Parameters& parameters, const InstanceContext& context);
/// First touches of pages: managed.cpp.
[[nodiscard]] PreparedCase prepare_managed(const Parameters& parameters, const InstanceContext& context);
/// Patterns written to memory and compared: memtest.cpp.
[[nodiscard]] PreparedCase prepare_memtest(const Parameters& parameters, const InstanceContext& context);
/// Arithmetic for minutes: burn.cpp.
[[nodiscard]] PreparedCase prepare_burn(const Parameters& parameters, const InstanceContext& context);

/// Matrix products: gemm.cpp.
[[nodiscard]] PreparedCase prepare_gemm(const Parameters& parameters, const InstanceContext& context);

/// Many small matrix products: gemm_batched.cpp.
[[nodiscard]] PreparedCase prepare_gemm_batched(const Parameters& parameters, const InstanceContext& context);

/// Many small steps, each after the one before: tiny_kernels.cpp.
[[nodiscard]] PreparedCase prepare_tiny_kernels(const Parameters& parameters, const InstanceContext& context);

}  // namespace passbench

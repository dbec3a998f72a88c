// The CUDA forms of the catalogue's workloads, a .cpp and mostly a .cu each. Everybody else asks workload_forms().
#pragma once

#include "kernels/workload_instance.hpp"

namespace passbench {

/// Empty work, handed to the device and waited for: launch.cpp.
[[nodiscard]] PreparedCase prepare_cuda_launch(const Parameters& parameters, const InstanceContext& context);
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

}  // namespace passbench

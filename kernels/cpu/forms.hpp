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
/// A graph of tasks: graph.cpp.
[[nodiscard]] PreparedCase prepare_graph(const Parameters& parameters, const InstanceContext& context);
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

}  // namespace passbench

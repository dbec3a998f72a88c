// The rows of the catalogue: one function a workload, each in a file of its name. Included by workload.cpp alone; everybody
// else asks workload.hpp.
#pragma once

#include "harness/catalogue/workload.hpp"

namespace passbench {

[[nodiscard]] Workload stream_workload();
[[nodiscard]] Workload copy_workload();
[[nodiscard]] Workload duplex_workload();
[[nodiscard]] Workload host_chase_workload();
[[nodiscard]] Workload host_read_workload();
[[nodiscard]] Workload fma_workload();
[[nodiscard]] Workload dispatch_workload();
[[nodiscard]] Workload launch_workload();
[[nodiscard]] Workload graph_workload();
[[nodiscard]] Workload reduce_workload();
[[nodiscard]] Workload scan_workload();
[[nodiscard]] Workload histogram_workload();
[[nodiscard]] Workload sort_workload();
[[nodiscard]] Workload spmv_workload();
[[nodiscard]] Workload gather_workload();

/// The parameters that several workloads share, with one meaning.
[[nodiscard]] Parameter threads_parameter();
[[nodiscard]] Parameter isa_parameter();
[[nodiscard]] Parameter pages_parameter();
/// `bytes` of the workloads over one array of 32-bit integers.
[[nodiscard]] Parameter integers_parameter();
inline constexpr std::int64_t integer_bytes = 4;

/// The metrics that all workloads share: the wall time of an operation, and for cuda forms its time on the device.
[[nodiscard]] Metric wall_metric();
[[nodiscard]] Metric device_metric();
/// Work::bytes by the wall time.
[[nodiscard]] Metric bandwidth_metric();

}  // namespace passbench

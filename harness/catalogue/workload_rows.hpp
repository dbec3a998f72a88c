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
[[nodiscard]] Workload roofline_workload();
[[nodiscard]] Workload dispatch_workload();
[[nodiscard]] Workload launch_workload();
[[nodiscard]] Workload graph_workload();
[[nodiscard]] Workload event_workload();
[[nodiscard]] Workload control_path_workload();
[[nodiscard]] Workload gemm_workload();
[[nodiscard]] Workload gemm_batched_workload();
[[nodiscard]] Workload tiny_kernels_workload();
[[nodiscard]] Workload image_workload();
[[nodiscard]] Workload fft_workload();
[[nodiscard]] Workload reduce_workload();
[[nodiscard]] Workload scan_workload();
[[nodiscard]] Workload histogram_workload();
[[nodiscard]] Workload sort_workload();
[[nodiscard]] Workload spmv_workload();
[[nodiscard]] Workload gather_workload();
[[nodiscard]] Workload managed_workload();
[[nodiscard]] Workload memtest_workload();
[[nodiscard]] Workload burn_workload();

/// The parameters that several workloads share, with one meaning.
[[nodiscard]] Parameter threads_parameter();
[[nodiscard]] Parameter isa_parameter();
[[nodiscard]] Parameter transfers_parameter();
[[nodiscard]] Parameter pages_parameter();
/// `bytes` of the workloads over one array of 32-bit integers.
[[nodiscard]] Parameter integers_parameter();
inline constexpr std::int64_t integer_bytes = 4;

/// The metrics that all workloads share: the wall time of an operation, and for cuda forms its time on the device.
[[nodiscard]] Metric wall_metric();
[[nodiscard]] Metric device_metric();
/// Where a speed-up over the cpu form means something: what it costs to bring the inputs of an operation to the device and its
/// results back.
[[nodiscard]] Metric transfers_metric();
/// Work::bytes by the wall time.
[[nodiscard]] Metric bandwidth_metric();
/// Work::flops by the wall time.
[[nodiscard]] Metric flops_metric();
/// What the clock of the SMs was in the twins.
[[nodiscard]] Metric sm_clock_metric();
/// A time of cuda forms alone, which has a column of its own.
[[nodiscard]] Metric cuda_time_metric(std::string_view name, std::string_view column);

}  // namespace passbench

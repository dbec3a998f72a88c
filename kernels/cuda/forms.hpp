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

}  // namespace passbench

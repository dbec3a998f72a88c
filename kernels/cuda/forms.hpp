// The CUDA forms of the catalogue's workloads, a .cpp and mostly a .cu each. Everybody else asks workload_forms().
#pragma once

#include "kernels/workload_instance.hpp"

namespace passbench {

/// Empty work, handed to the device and waited for: launch.cpp.
[[nodiscard]] PreparedCase prepare_cuda_launch(const Parameters& parameters, const InstanceContext& context);
/// Between host and device: copy.cpp.
[[nodiscard]] PreparedCase prepare_cuda_copy(const Parameters& parameters, const InstanceContext& context);
/// Long arrays of doubles in the device's memory: stream.cpp.
[[nodiscard]] PreparedCase prepare_cuda_stream(const Parameters& parameters, const InstanceContext& context);
/// Peak arithmetic of the device: fma.cpp.
[[nodiscard]] PreparedCase prepare_cuda_fma(const Parameters& parameters, const InstanceContext& context);
/// Pages that host and device share: managed.cpp.
[[nodiscard]] PreparedCase prepare_cuda_managed(const Parameters& parameters, const InstanceContext& context);
/// Patterns written to the device's memory and compared: memtest.cpp.
[[nodiscard]] PreparedCase prepare_cuda_memtest(const Parameters& parameters, const InstanceContext& context);
/// Arithmetic for minutes: burn.cpp.
[[nodiscard]] PreparedCase prepare_cuda_burn(const Parameters& parameters, const InstanceContext& context);

}  // namespace passbench

// The CPU forms of the catalogue's workloads, a file each. Everybody else asks workload_forms() (workload_instance.hpp).
#pragma once

#include "kernels/workload_instance.hpp"

namespace passbench {

/// Long arrays of doubles: stream.cpp.
[[nodiscard]] PreparedCase prepare_stream(const Parameters& parameters, const InstanceContext& context);
/// One buffer to another: copy.cpp.
[[nodiscard]] PreparedCase prepare_copy(const Parameters& parameters, const InstanceContext& context);
/// Peak arithmetic: fma.cpp.
[[nodiscard]] PreparedCase prepare_fma(const Parameters& parameters, const InstanceContext& context);
/// A task to a waiting thread and back: dispatch.cpp.
[[nodiscard]] PreparedCase prepare_dispatch(const Parameters& parameters, const InstanceContext& context);
/// First touches of pages: managed.cpp.
[[nodiscard]] PreparedCase prepare_managed(const Parameters& parameters, const InstanceContext& context);
/// Patterns written to memory and compared: memtest.cpp.
[[nodiscard]] PreparedCase prepare_memtest(const Parameters& parameters, const InstanceContext& context);
/// Arithmetic for minutes: burn.cpp.
[[nodiscard]] PreparedCase prepare_burn(const Parameters& parameters, const InstanceContext& context);

}  // namespace passbench

// How a process that asked the driver says what it heard. Internal to cuda_device*.cpp.
#pragma once

#include <optional>
#include <string>

#include "guest/probe/cuda_device.hpp"

namespace passbench {

[[nodiscard]] std::string to_lines(const CudaDevice& device);
/// Nothing where the text is not whole.
[[nodiscard]] std::optional<CudaDevice> from_lines(const std::string& text);

}  // namespace passbench

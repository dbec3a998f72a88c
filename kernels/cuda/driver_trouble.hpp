// What goes wrong with a CUDA driver or device, each with its cause and what to do: the one place that turns codes of the driver
// into errors of ours.
#pragma once

#include <cuda.h>
#include <string>

#include "harness/core/error.hpp"

namespace passbench {

/// No library could be loaded; `words` are the loader's.
[[nodiscard]] Error no_driver_library(const std::string& words);
/// A library that was named for simulating does not say that it simulates.
[[nodiscard]] Error not_a_stand_in(const std::string& library);
/// The driver lacks a function that we need: it is too old.
[[nodiscard]] Error driver_without(const std::string& function);
/// cuInit said `result`, or there is no device; told apart by what this machine shows (/dev, /proc).
[[nodiscard]] Error driver_does_not_start(CUresult result, const std::string& what);
/// The system lets less host memory be pinned than a case needs; `what` says how much it lets.
[[nodiscard]] Error pinned_limit(std::string what);
/// A call failed on a driver that had started.
[[nodiscard]] Error device_trouble(CUresult result, std::string what);

}  // namespace passbench

// Asks the CUDA driver for its first device, the one that cuda cases use: only the driver can name a card under GPU-PV, and only
// it knows that a card which is visible can be used. In a process of its own, for the driver of a card in trouble may hang or
// crash, and the probe has something to say exactly then.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/records/facts.hpp"

namespace passbench {

struct CudaDevice {
    std::string name = {};  // "Tesla T4"; empty where there is none
    bool simulated = false;
    std::string finding = {};  // why there is none (harness/core/findings)
    std::string why = {};      // the same in the driver's words
    Facts nvml =
        {};  // what NVML says of it, as in telemetry; "nvml", its driver's version, or "nvml.why" there is none
};

/// As the driver of this machine says. Takes as long as the driver takes to start, at most half a minute.
[[nodiscard]] CudaDevice ask_cuda_device();

/// What `ask` returns in a child of this process, which must have no other threads; finding gpu.no_answer where it dies or has
/// not answered in time.
[[nodiscard]] CudaDevice ask_apart(const std::function<CudaDevice()>& ask, std::int64_t deadline_ns);

}  // namespace passbench

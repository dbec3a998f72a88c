#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include <fmt/core.h>

#include "guest/probe/cuda_device.hpp"
#include "guest/probe/cuda_device_lines.hpp"

namespace passbench {

// A process cannot be forked here. A driver that hangs is left behind in its thread, which ends with the process that probes; one that
// crashes takes the probe with it, and its exit code says so.
CudaDevice ask_apart(const std::function<CudaDevice()>& ask, std::int64_t deadline_ns) {
    const auto answer = std::make_shared<std::promise<CudaDevice>>();
    std::future<CudaDevice> device = answer->get_future();
    std::thread([answer, ask] { answer->set_value(ask()); }).detach();
    if (device.wait_for(std::chrono::nanoseconds(deadline_ns)) == std::future_status::ready) {
        if (auto lines = from_lines(to_lines(device.get()))) return *std::move(lines);  // printable, of bounded length
        return {.finding = "gpu.no_answer", .why = "the CUDA driver said nothing that can be read"};
    }
    return {.finding = "gpu.no_answer",
            .why = fmt::format("the CUDA driver was asked for its devices: no answer in {:.3g} s",
                               static_cast<double>(deadline_ns) * 1e-9)};
}

}  // namespace passbench

#include "guest/probe/cuda_device.hpp"

#include <array>
#include <optional>
#include <sstream>

#include <fmt/core.h>

#include "guest/probe/cuda_device_lines.hpp"
#include "guest/probe/machine_files.hpp"
#include "guest/telemetry/gpu_moment.hpp"
#include "kernels/cuda/driver.hpp"
#include "kernels/cuda/uuid_text.hpp"

namespace passbench {
namespace {

// Eight cards without persistence take half of that to start.
constexpr std::int64_t driver_deadline_ns = 30'000'000'000;
// A pipe takes this much at once.
constexpr std::size_t name_limit = 256;
constexpr std::size_t reason_limit = 1024;

/// Of the first device: what NVML says of it.
Facts ask_nvml(const DriverCalls& calls, CUdevice device) {
    const auto nvml = Nvml::load("");
    if (!nvml) return {{"nvml.why", nvml.error().what}};
    CUuuid uuid{};
    const bool named = calls.cuDeviceGetUuid(&uuid, device) == CUDA_SUCCESS;
    const auto card = (*nvml)->find_device(named ? uuid_text(uuid) : "");
    if (!card) return {{"nvml.why", card.error().what}};
    Facts facts = facts_of(read_gpu_moment(**nvml, *card));
    facts["nvml"] = (*nvml)->driver_version();
    return facts;
}

CudaDevice first_device() {
    const auto driver = Driver::load({});
    if (!driver) return {.finding = driver.error().finding, .why = driver.error().what};
    const DriverCalls& calls = (*driver)->calls();
    std::array<char, name_limit> name{};
    CUdevice device = 0;
    CUresult result = calls.cuDeviceGet(&device, 0);
    if (result == CUDA_SUCCESS) {
        result = calls.cuDeviceGetName(name.data(), static_cast<int>(name.size()) - 1, device);
    }
    const auto named = (*driver)->check(result, "asking the first CUDA device for its name");
    if (!named) return {.finding = named.error().finding, .why = named.error().what};
    return {.name = name.data(), .simulated = (*driver)->is_simulated(), .nvml = ask_nvml(calls, device)};
}

}  // namespace

// One value a line: what is printable has no line breaks.
std::string to_lines(const CudaDevice& device) {
    std::string text = fmt::format("{}\n{}\n{}\n{}\n", device.simulated ? 1 : 0, printable(device.name, name_limit),
                                   printable(device.finding, name_limit), printable(device.why, reason_limit));
    for (const auto& [key, value] : device.nvml) {
        const auto* number = std::get_if<std::int64_t>(&value);
        text += fmt::format("{} {} {}\n", number == nullptr ? "text" : "number", key,
                            printable(to_string(value), reason_limit));
    }
    return text;
}

std::optional<CudaDevice> from_lines(const std::string& text) {
    std::istringstream lines(text);
    CudaDevice device;
    std::string simulated;
    if (!std::getline(lines, simulated) || !std::getline(lines, device.name) || !std::getline(lines, device.finding) ||
        !std::getline(lines, device.why)) {
        return std::nullopt;
    }
    device.simulated = simulated == "1";
    std::string kind;
    std::string key;
    std::string value;
    while (lines >> kind >> key && std::getline(lines >> std::ws, value)) {
        if (kind == "number") {
            device.nvml[key] = leading_number(value).value_or(0);
        } else {
            device.nvml[key] = value;
        }
    }
    return device;
}

CudaDevice ask_cuda_device() { return ask_apart(&first_device, driver_deadline_ns); }

}  // namespace passbench

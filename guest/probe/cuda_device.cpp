#include "guest/probe/cuda_device.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>

#include "guest/probe/machine_files.hpp"
#include "guest/telemetry/gpu_moment.hpp"
#include "harness/core/clock.hpp"
#include "kernels/cuda/driver.hpp"
#include "kernels/cuda/uuid_text.hpp"

namespace passbench {
namespace {

// Eight cards without persistence take half of that to start.
constexpr std::int64_t driver_deadline_ns = 30'000'000'000;
constexpr std::int64_t kill_patience_ns = 1'000'000'000;
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

[[noreturn]] void answer(const std::function<CudaDevice()>& ask, int pipe_end) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Whoever waits for the end of this program's output must not wait for a driver that hangs.
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
    const std::string text = to_lines(ask());
    // Not exit(): what is to be done at the end of the process is the parent's.
    _exit(write(pipe_end, text.data(), text.size()) < 0 ? 1 : 0);
}

/// All that comes before the end, or until then.
std::string read_until(int pipe_end, std::int64_t until_ns) {
    std::string text;
    std::array<char, 4096> buffer{};
    while (true) {
        constexpr std::int64_t ns_a_ms = 1'000'000;
        const std::int64_t left_ms = std::max<std::int64_t>((until_ns - steady_ns() + ns_a_ms - 1) / ns_a_ms, 0);
        pollfd waiting = {.fd = pipe_end, .events = POLLIN, .revents = 0};
        const int ready = poll(&waiting, 1, static_cast<int>(left_ms));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) break;
        const ssize_t count = read(pipe_end, buffer.data(), buffer.size());
        if (count <= 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

/// How the child ended; nothing where it does not: it is stuck in the kernel then, and left behind.
std::optional<std::string> end_of(pid_t child) {
    int status = 0;
    const std::int64_t until_ns = steady_ns() + kill_patience_ns;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (steady_ns() > until_ns) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return WIFSIGNALED(status) ? fmt::format("its process died by signal {}", WTERMSIG(status))
                               : fmt::format("its process ended with exit code {}", WEXITSTATUS(status));
}

CudaDevice no_answer(const std::string& why) {
    return {.finding = "gpu.no_answer", .why = "the CUDA driver was asked for its devices: " + why};
}

}  // namespace

CudaDevice ask_apart(const std::function<CudaDevice()>& ask, std::int64_t deadline_ns) {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return no_answer("there is no pipe for its answer");
    const pid_t child = fork();
    if (child == 0) answer(ask, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return no_answer("no process could be started for it");
    }
    const std::int64_t until_ns = steady_ns() + deadline_ns;
    auto device = from_lines(read_until(ends[0], until_ns));
    close(ends[0]);
    if (device) {
        end_of(child);
        return *std::move(device);
    }
    const bool is_late = steady_ns() >= until_ns;
    if (is_late) kill(child, SIGKILL);
    const std::optional<std::string> end = end_of(child);
    if (!end) return no_answer("its process is stuck in the kernel, not even SIGKILL ends it");
    return no_answer(is_late ? fmt::format("no answer in {:.3g} s", static_cast<double>(deadline_ns) * 1e-9) : *end);
}

CudaDevice ask_cuda_device() { return ask_apart(&first_device, driver_deadline_ns); }

}  // namespace passbench

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>

#include "guest/probe/cuda_device_lines.hpp"
#include "harness/core/clock.hpp"

namespace passbench {
namespace {

constexpr std::int64_t end_patience_ns = 1'000'000'000;

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
    const std::int64_t until_ns = steady_ns() + end_patience_ns;
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

}  // namespace passbench

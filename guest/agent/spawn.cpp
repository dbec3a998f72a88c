#include "guest/agent/spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <system_error>
#include <unistd.h>

#include "guest/agent/agent_child.hpp"
#include "guest/agent/stop_signals_posix.hpp"

namespace passbench {
namespace {

/// What posix_spawn is told; frees what it allocates.
class SpawnSettings {
public:
    SpawnSettings(const ChildPipes& streams, const sigset_t& mask) {
        posix_spawn_file_actions_init(&actions_);
        if (streams.input == nullptr) {
            posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        } else {
            fcntl(streams.input->read_end(), F_SETFL, 0);  // the child waits for its input like for any other
            posix_spawn_file_actions_adddup2(&actions_, streams.input->read_end(), STDIN_FILENO);
        }
        posix_spawn_file_actions_adddup2(&actions_, streams.output.write_end(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, streams.errors.write_end(), STDERR_FILENO);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setsigmask(&attributes_, &mask);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    /// The child's id, or the negative errno.
    [[nodiscard]] pid_t spawn(const std::vector<std::string>& argv) const {
        std::vector<char*> pointers;
        pointers.reserve(argv.size() + 1);
        for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
        pointers.push_back(nullptr);
        pid_t child = -1;
        const int failed = posix_spawn(&child, argv.front().c_str(), &actions_, &attributes_, pointers.data(), environ);
        return failed == 0 ? child : -failed;
    }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

ChildPipe::ChildPipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
    read_end_ = ends[0];
    write_end_ = ends[1];
    fcntl(read_end_, F_SETFL, O_NONBLOCK);
}

ChildPipe::~ChildPipe() {
    close_read();
    close_write();
}

void ChildPipe::close_write() {
    if (write_end_ >= 0) close(write_end_);
    write_end_ = -1;
}

void ChildPipe::close_read() {
    if (read_end_ >= 0) close(read_end_);
    read_end_ = -1;
}

std::string ChildPipe::take() {
    std::string taken;
    std::array<char, 4096> buffer{};
    while (read_end_ >= 0) {
        const ssize_t count = read(read_end_, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) break;
        if (count == 0) close_read();
        taken.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        // A child that never stops writing must not keep us here: the rest is taken at the next call.
        if (taken.size() >= most_taken_bytes) break;
    }
    return taken;
}

Result<pid_t> spawn(const std::vector<std::string>& argv, const ChildPipes& streams, const StopSignals& signals) {
    const bool good =
        streams.output.good() && streams.errors.good() && (streams.input == nullptr || streams.input->good());
    const pid_t child = good ? SpawnSettings(streams, signals.native().before).spawn(argv) : -EMFILE;
    if (child < 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot start a process for the trial: " + std::generic_category().message(-child),
                     .where = argv.front(),
                     .fix = "Free memory or processes on this machine (see `ulimit -a`), then try again."});
    }
    streams.output.close_write();
    streams.errors.close_write();
    if (streams.input != nullptr) streams.input->close_read();
    return child;
}

}  // namespace passbench

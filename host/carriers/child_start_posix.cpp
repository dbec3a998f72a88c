#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "harness/core/check_startable.hpp"
#include "host/carriers/child_start.hpp"

namespace passbench {
namespace {

/// The child's half after fork(): only async-signal-safe calls, for other threads' locks stay locked here for ever.
[[noreturn]] void become(char* const* argv, pid_t parent, const ChildStreams& streams, int error_pipe) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // it died before the line above
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD}) ::signal(signal, SIG_DFL);
    const int input = streams.input >= 0 ? streams.input : ::open("/dev/null", O_RDONLY);
    ::dup2(input, STDIN_FILENO);
    ::dup2(streams.output, STDOUT_FILENO);
    ::dup2(streams.error, STDERR_FILENO);
    // Whatever a library opened without O_CLOEXEC; the locks and journals of the controller are none of the child's business.
    ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
    ::execv(argv[0], argv);
    const int error_number = errno;
    [[maybe_unused]] const ssize_t told = ::write(error_pipe, &error_number, sizeof error_number);
    ::_exit(127);
}

Result<void> check_arguments(const std::vector<std::string>& argv) {
    const auto has_zero = [](const std::string& argument) { return argument.find('\0') != std::string::npos; };
    if (argv.empty() || std::any_of(argv.begin(), argv.end(), has_zero)) {
        return fail({.code = ErrorCode::usage,
                     .what = "a command needs a program, and no argument may contain a zero byte",
                     .where = "child process",
                     .fix = "Check the command's arguments."});
    }
    return check_startable(argv.front());
}

}  // namespace

void Descriptor::close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot make a pipe: " + std::generic_category().message(errno),
                     .where = "child process",
                     .fix = "Raise the number of open files (ulimit -n), or end other programs."});
    }
    return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<pid_t> start_child(const std::vector<std::string>& argv, const ChildStreams& streams) {
    PASSBENCH_CHECK(check_arguments(argv));
    PASSBENCH_TRY(Pipe trouble, make_pipe());
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return fail(start_error(argv.front(), errno));
    if (pid == 0) become(arguments.data(), parent, streams, trouble.in.get());
    ::setpgid(pid, pid);  // in both: whoever comes first
    trouble.in.close();
    int error_number = 0;
    // The pipe closes by itself when the exec succeeds.
    if (::read(trouble.out.get(), &error_number, sizeof error_number) > 0) {
        ::waitpid(pid, nullptr, 0);
        return fail(start_error(argv.front(), error_number));
    }
    return pid;
}

}  // namespace passbench

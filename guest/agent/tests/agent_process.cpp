#include "guest/agent/tests/agent_process.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace passbench {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// In the child: never returns.
[[noreturn]] void become(const std::vector<char*>& argv, const fs::path& folder, const std::string& fault,
                         const AgentLimits& limits) {
    dup2(open((folder / "output").c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
    dup2(open((folder / "errors").c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
    setenv("PASSBENCH_FAULT", fault.c_str(), 1);
    if (limits.max_file_bytes > 0) {
        const rlimit limit{.rlim_cur = static_cast<rlim_t>(limits.max_file_bytes),
                           .rlim_max = static_cast<rlim_t>(limits.max_file_bytes)};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    execv(argv.front(), argv.data());
    _exit(127);
}

}  // namespace

RunningAgent::RunningAgent(const std::string& program, const std::vector<std::string>& arguments,
                           const std::string& fault, const AgentLimits& limits) {
    std::string folder = (fs::temp_directory_path() / "passbench-agent-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder for an agent");
    folder_ = folder;
    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) become(argv, folder_, fault, limits);
}

RunningAgent::~RunningAgent() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

pid_t RunningAgent::child() const {
    const auto all = children();
    return all.empty() ? 0 : all.front();
}

std::vector<pid_t> RunningAgent::children() const {
    const std::string pid = std::to_string(pid_);
    std::istringstream listed(text_of("/proc/" + pid + "/task/" + pid + "/children"));
    return {std::istream_iterator<pid_t>(listed), {}};
}

AgentEnd RunningAgent::wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return {.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
            .output = text_of(folder_ / "output"),
            .errors = text_of(folder_ / "errors")};
}

AgentEnd run_agent_program(const std::string& program, const std::vector<std::string>& arguments,
                           const std::string& fault, const AgentLimits& limits) {
    return RunningAgent(program, arguments, fault, limits).wait();
}

}  // namespace passbench

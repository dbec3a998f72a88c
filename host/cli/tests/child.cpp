#include "host/cli/tests/child.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace passbench {

namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> all;
    std::transform(words.begin(), words.end(), std::back_inserter(all),
                   [](const std::string& word) { return const_cast<char*>(word.c_str()); });
    all.push_back(nullptr);
    return all;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
    std::vector<std::string> all = more;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto name = text.substr(0, text.find('=') + 1);
        const bool is_given =
            std::any_of(more.begin(), more.end(), [&](const auto& given) { return given.rfind(name, 0) == 0; });
        if (!is_given && name.rfind("PASSBENCH_", 0) != 0) {
            all.emplace_back(text);
        }
    }
    return all;
}

Ended await(pid_t child, const std::function<int()>& signal_now) {
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        const int signal = signal_now ? signal_now() : 0;
        if (signal != 0) {
            kill(child, signal);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return WIFEXITED(status) ? Ended{.exit = WEXITSTATUS(status), .output = {}}
                             : Ended{.exit = -1, .signal = WTERMSIG(status), .output = {}};
}

}  // namespace

Ended run_program(const std::vector<std::string>& argv, const std::vector<std::string>& more_environment,
                  const std::function<int()>& signal_now) {
    std::string output_file = "/tmp/passbench-child-XXXXXX";
    const int output = mkstemp(output_file.data());
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    const auto environment = environment_with(more_environment);
    pid_t child = -1;
    const int failure = posix_spawn(&child, argv.front().c_str(), &actions, nullptr, pointers(argv).data(),
                                    pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    close(output);
    Ended ended = failure == 0 ? await(child, signal_now) : Ended{.output = {}};
    std::ifstream stream(output_file, std::ios::binary);
    ended.output.assign(std::istreambuf_iterator<char>(stream), {});
    unlink(output_file.c_str());
    return ended;
}

}  // namespace passbench

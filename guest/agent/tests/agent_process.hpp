// Starts an agent program in tests, with a fault, and tells how it ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace passbench {

struct AgentEnd {
    int code = 0;  // 128 + signal where a signal ended it
    std::string output;
    std::string errors;
};

struct AgentLimits {
    std::int64_t max_file_bytes = 0;  // 0: none
};

class RunningAgent {
public:
    RunningAgent(const std::string& program, const std::vector<std::string>& arguments, const std::string& fault,
                 const AgentLimits& limits = {});
    RunningAgent(const RunningAgent&) = delete;
    RunningAgent& operator=(const RunningAgent&) = delete;
    /// Kills it where it still runs.
    ~RunningAgent();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// A process that it has started and that runs; 0 while there is none.
    [[nodiscard]] pid_t child() const;
    /// All of them.
    [[nodiscard]] std::vector<pid_t> children() const;
    [[nodiscard]] AgentEnd wait();

private:
    std::filesystem::path folder_;
    pid_t pid_ = -1;
};

[[nodiscard]] AgentEnd run_agent_program(const std::string& program, const std::vector<std::string>& arguments,
                                         const std::string& fault, const AgentLimits& limits = {});

}  // namespace passbench

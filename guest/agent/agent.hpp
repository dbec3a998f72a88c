// The agent as a function: arguments in, what to print and the exit code out. The program, the stand-in with faults for tests and
// the overhead benchmark differ only in the workload forms they hand in.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kernels/workload_instance.hpp"

namespace passbench {

struct AgentExit {
    int code = 0;  // 0 done; 2 a bad request or command line; 4 OUT cannot be written; 130 asked to stop
    std::string output;
    std::string errors;
};

/// `arguments` without the program's name. See agent_help() for what they can be.
[[nodiscard]] AgentExit run_agent(const std::vector<std::string>& arguments, std::span<const WorkloadForm> forms);

/// What `--help` prints.
[[nodiscard]] std::string agent_help();

}  // namespace passbench

// A program as a child of a test: started with an environment of its own, sent a signal when the test says so.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace passbench {

struct Ended {
    int exit = -1;  // -1 where a signal ended it
    int signal = 0;
    std::string output;  // stdout and stderr together
};

/// Starts argv[0] with `more_environment` ("NAME=value") on top of this process's, without the names that PASSBENCH_ begins;
/// asks `signal_now` every millisecond for a signal to send (0: none) and waits for the end.
[[nodiscard]] Ended run_program(const std::vector<std::string>& argv, const std::vector<std::string>& more_environment,
                                const std::function<int()>& signal_now = {});

}  // namespace passbench

#include <string>
#include <vector>

#include "harness/core/this_process.hpp"
#include "host/carriers/child_process.hpp"
#include "host/cli/boot_task.hpp"

namespace passbench {
namespace {

constexpr const char* task_name = "passbench-release";

/// schtasks.exe with these words. Error `io` with what it said.
Result<void> schedule(std::vector<std::string> words) {
    constexpr std::int64_t deadline_ns = 60'000'000'000;
    const std::string root = environment_variable("SystemRoot").value_or("C:\\Windows");
    words.insert(words.begin(), root + "\\System32\\schtasks.exe");
    PASSBENCH_TRY(const ExecResult ended, run_child({.argv = words, .deadline_ns = deadline_ns}));
    if (ended.exit_code == 0) return {};
    return fail({.code = ErrorCode::io,
                 .what = "the Task Scheduler refused: " + ended.output,
                 .where = task_name,
                 .fix = "Run it as administrator."});
}

}  // namespace

Result<std::string> install_boot_task(const BootTask& task) {
    if (task.state_folder) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "a task that runs as the system finds the machine's own state folder alone",
                     .where = "PASSBENCH_STATE",
                     .fix = "Install it without PASSBENCH_STATE."});
    }
    PASSBENCH_CHECK(schedule({"/Create", "/F", "/TN", task_name, "/SC", "ONSTART", "/RU", "SYSTEM", "/RL", "HIGHEST",
                              "/TR", "\"" + task.program.string() + "\" release"}));
    return std::string("the task ") + task_name;
}

Result<std::string> remove_boot_task() {
    PASSBENCH_CHECK(schedule({"/Delete", "/F", "/TN", task_name}));
    return std::string("the task ") + task_name;
}

}  // namespace passbench

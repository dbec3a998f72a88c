#include "host/tests/windows/roles.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <thread>
#include <windows.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/this_process.hpp"
#include "harness/core/windows_command_line.hpp"
#include "harness/core/windows_error.hpp"
#include "host/carriers/child_process.hpp"
#include "host/carriers/scratch_folder.hpp"
#include "host/cli/stop_signals.hpp"
#include "host/engine/host_lock.hpp"
#include "host/engine/lease.hpp"
#include "host/engine/tests/files_host.hpp"

namespace passbench::tests {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;  // those after the role

constexpr UINT killed = 137;

[[noreturn]] void sleep_for_ever() {
    while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}

int write_arguments(const Words& words) {
    std::string text;
    for (std::size_t index = 1; index < words.size(); ++index) text += words[index] + '\0';
    return replace_file(fs::path(words[0]), text) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int end_with(const Words& words) { return std::stoi(words[0]); }

int talk(const Words& words) {
    std::cout << std::string(static_cast<std::size_t>(std::stoll(words[0])), 'x') << "\nthe end\n" << std::flush;
    std::cerr << "an aside\n";
    return EXIT_SUCCESS;
}

int count_input(const Words&) {
    std::size_t count = 0;
    for (char letter = 0; std::cin.get(letter);) ++count;
    std::cout << "read " << count << "\n";
    return EXIT_SUCCESS;
}

int repeat_input(const Words&) {
    std::cout << std::cin.rdbuf() << std::flush;
    return EXIT_SUCCESS;
}

int hang(const Words&) {
    std::cout << "loading the model\n" << std::flush;
    sleep_for_ever();
}

int hold(const Words& words) {
    SystemFile file;
    if (file.open(fs::path(words[0]), FileUse::lock) != 0 || file.lock() != 0) return EXIT_FAILURE;
    sleep_for_ever();
}

/// A child that holds the lock, and whom nobody waits for but this.
int parent_of_holder(const Words& words) {
    static_cast<void>(run_child({.argv = as("hold", words)}));
    return EXIT_SUCCESS;
}

int hold_host(const Words& words) {
    const auto lock = HostLock::take(fs::path(words[0]), "run of the test");
    if (!lock) return EXIT_FAILURE;
    sleep_for_ever();
}

int hold_scratch(const Words& words) {
    const auto scratch = ScratchFolder::make(fs::path(words[0]));
    if (!scratch) return EXIT_FAILURE;
    return hold({words[1]});
}

/// A whole lease that is killed at one of its moments.
int killed_lease(const Words& words) {
    const fs::path folder = words[0];
    const int kill_at = std::stoi(words[1]);
    FilesHost host(folder / "host");
    put_lab_machine(host);
    int moments = 0;
    const auto count = [&moments, kill_at] {
        if (++moments == kill_at) ::TerminateProcess(::GetCurrentProcess(), killed);
    };
    host.at_moment = count;
    set_store_observer([count](StoreOperation, const fs::path&, bool) {
        count();
        return 0;
    });
    auto lease =
        Lease::acquire(host, lab_steps(), {.run = "first", .provider = "files", .state_folder = folder / "state"});
    const bool is_done = lease && lease->restore().host_equals_snapshot();
    return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}

int stop_politely(const Words& words) {
    catch_stop_signals();
    SystemFile file;
    if (file.open(fs::path(words[0]), FileUse::lock) != 0 || file.lock() != 0) return EXIT_FAILURE;
    while (!stop_was_asked()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return replace_file(fs::path(words[1]), "tidied") ? EXIT_SUCCESS : EXIT_FAILURE;
}

int be_interpreter(const Words& words) {
    const std::string& how = words[0];
    if (how == "silent") return EXIT_SUCCESS;
    if (how == "chatty") {
        std::cerr << "blocked by your administrator\n";
        return 7;
    }
    std::cout
        << "noise\r\n##passbench {\"passbench\":1,\"interpreter\":\"fake\",\"version\":\"1\",\"edition\":\"Core\","
           "\"simulated\":true}\r\n"
        << std::flush;
    std::string line;
    if (how == "deaf") sleep_for_ever();
    if (how == "dies" && std::getline(std::cin, line)) return 3;
    if (how == "garbage" && std::getline(std::cin, line)) std::cout << "##passbench {garbage\r\n" << std::flush;
    return EXIT_SUCCESS;
}

bool becomes(const fs::path& file, bool wanted) {
    for (int tries = 0; tries < 3000; ++tries) {
        SystemFile asking;
        if (asking.open(file, FileUse::read) == 0 && asking.is_locked() == wanted) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace

int play(const std::vector<std::string>& words) {
    static const std::map<std::string, int (*)(const Words&)> roles = {{"arguments", write_arguments},
                                                                       {"exit", end_with},
                                                                       {"talk", talk},
                                                                       {"count", count_input},
                                                                       {"repeat", repeat_input},
                                                                       {"hang", hang},
                                                                       {"hold", hold},
                                                                       {"parent", parent_of_holder},
                                                                       {"host_lock", hold_host},
                                                                       {"scratch", hold_scratch},
                                                                       {"lease", killed_lease},
                                                                       {"polite", stop_politely},
                                                                       {"interpreter", be_interpreter}};
    use_plain_streams();
    return roles.at(words.at(0))({words.begin() + 1, words.end()});
}

std::vector<std::string> as(const std::string& role, const std::vector<std::string>& words) {
    std::vector<std::string> argv = {running_program().string(), "as", role};
    argv.insert(argv.end(), words.begin(), words.end());
    return argv;
}

Stranger::Stranger(const std::vector<std::string>& argv) {
    std::wstring line = wide_of_utf8(windows_command_line(argv));
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION process{};
    if (::CreateProcessW(nullptr, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr, &startup, &process) == 0) {
        std::abort();
    }
    ::CloseHandle(process.hThread);
    process_ = process.hProcess;
}

Stranger::~Stranger() {
    kill();
    ::CloseHandle(process_);
}

void Stranger::kill() const {
    ::TerminateProcess(process_, killed);
    ::WaitForSingleObject(process_, INFINITE);
}

int Stranger::wait() const {
    DWORD code = 0;
    ::WaitForSingleObject(process_, INFINITE);
    ::GetExitCodeProcess(process_, &code);
    return static_cast<int>(code);
}

bool becomes_locked(const fs::path& file) { return becomes(file, true); }
bool becomes_free(const fs::path& file) { return becomes(file, false); }

}  // namespace passbench::tests

#include "host/cli/tests/kill_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <iterator>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "host/cli/tests/child.hpp"
#include "host/cli/tests/run_checks.hpp"

namespace passbench {

namespace fs = std::filesystem;

namespace {

/// The run directory in a results folder, or "" where none was made yet.
fs::path run_in(const fs::path& results) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(results, none)) {
        if (entry.path().filename().string().front() != '.') {
            return entry.path();
        }
    }
    return {};
}

}  // namespace

KillTest::Place KillTest::place(const std::string& name) const {
    const auto folder_of_it = folder() / name;
    fs::create_directories(folder_of_it / "tmp");
    return {folder_of_it,
            {"PASSBENCH_STATE=" + (folder_of_it / "state").string(), "TMPDIR=" + (folder_of_it / "tmp").string()},
            {"run", (folder() / "tiny.toml").string(), "--agent", stand_in_agent, "--quiet", "--out",
             (folder_of_it / "results").string()}};
}

int KillTest::count_operations() const {
    static_cast<void>(tiny_scenario());
    auto counted = place("count");
    counted.words.insert(counted.words.begin(), PASSBENCH_KILLED_PROGRAM);
    counted.environment.push_back("PASSBENCH_KILL_COUNT=" + (folder() / "operations").string());
    const auto ended = run_program(counted.words, counted.environment);
    EXPECT_THAT(ended.exit, is_measured()) << ended.output;
    const auto text = content(folder() / "operations");
    return text.empty() ? 0 : std::stoi(text);
}

std::vector<std::string> KillTest::resume_and_check(const Place& place, const std::string& name) {
    std::vector<std::string> faults;
    const auto run = run_in(place.folder / "results");
    const auto before = run.empty() ? Snapshot() : snapshot_of(run);
    // Killed before there was a run directory, there is nothing to resume: the same command simply works.
    std::vector<std::string> words = {passbench_program, "run",          "--resume", run.string(),
                                      "--agent",         stand_in_agent, "--quiet"};
    if (run.empty()) {
        words = place.words;
        words.insert(words.begin(), passbench_program);
    }
    const auto ended = run_program(words, place.environment);
    if (ended.exit != 0 && ended.exit != 5) {  // as is_measured()
        faults.push_back(
            fmt::format("the resume ended with {} (signal {}): {}", ended.exit, ended.signal, ended.output));
    }
    const auto now = run_in(place.folder / "results");
    const auto of_run = faults_of(now);
    faults.insert(faults.end(), of_run.begin(), of_run.end());
    if (!run.empty()) {
        for (const auto& file : changed_since(before, snapshot_of(run))) {
            faults.push_back(file + " lost what it held");
        }
    }
    if (fs::exists(now / "scratch")) {
        faults.emplace_back("the scratch folder is left");
    }
    std::transform(faults.begin(), faults.end(), faults.begin(),
                   [&](const auto& fault) { return name + ": " + fault; });
    std::error_code ignored;
    fs::remove_all(place.folder, ignored);
    return faults;
}

std::vector<std::string> KillTest::kill_and_resume(const std::string& kill_at) {
    auto killed = place("at-" + kill_at);
    auto words = killed.words;
    words.insert(words.begin(), PASSBENCH_KILLED_PROGRAM);
    auto environment = killed.environment;
    environment.push_back("PASSBENCH_KILL_AT=" + kill_at);
    const auto ended = run_program(words, environment);
    auto faults = resume_and_check(killed, "killed at " + kill_at);
    kills_ += ended.signal == SIGKILL ? 1 : 0;
    return faults;
}

std::vector<std::string> KillTest::kill_after_and_resume(int delay_ms) const {
    const auto killed = place("after-" + std::to_string(delay_ms));
    auto words = killed.words;
    words.insert(words.begin(), passbench_program);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(delay_ms);
    static_cast<void>(
        run_program(words, killed.environment, [&] { return std::chrono::steady_clock::now() >= end ? SIGKILL : 0; }));
    return resume_and_check(killed, fmt::format("killed after {} ms", delay_ms));
}

std::vector<std::string> KillTest::all_of(int count, const std::function<std::vector<std::string>(int)>& attempt) {
    std::atomic<int> next = 0;
    std::mutex mutex;
    std::vector<std::string> faults;
    const auto work = [&] {
        for (int number = next++; number < count; number = next++) {
            const auto found = attempt(number);
            const std::lock_guard lock(mutex);
            faults.insert(faults.end(), found.begin(), found.end());
        }
    };
    std::vector<std::jthread> threads;
    const auto workers = std::max(1U, std::thread::hardware_concurrency());
    std::generate_n(std::back_inserter(threads), workers, [&] { return std::jthread(work); });
    threads.clear();  // joins
    return faults;
}

}  // namespace passbench

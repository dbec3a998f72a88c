// A tiny run that is killed somewhere and resumed: what both kill tests share. Everything happens in processes of its own, so
// that several can be tried at once.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "host/cli/tests/cli_fixture.hpp"

namespace passbench {

class KillTest : public CliTest {
protected:
    /// How many operations on durable files one whole tiny run has.
    [[nodiscard]] int count_operations() const;
    /// Runs until `kill_at` (see killed_passbench.cpp), resumes, and returns all that is wrong then. A run that ends before that
    /// is none of it: how many operations there are depends a little on how many warm-up batches the trials had.
    [[nodiscard]] std::vector<std::string> kill_and_resume(const std::string& kill_at);
    /// How many runs kill_and_resume killed.
    [[nodiscard]] int kills() const { return kills_; }
    /// The same, killed from outside when `delay_ms` have passed.
    [[nodiscard]] std::vector<std::string> kill_after_and_resume(int delay_ms) const;
    /// Does `count` attempts on as many threads as there are CPUs and returns everything that is wrong.
    [[nodiscard]] static std::vector<std::string> all_of(int count,
                                                         const std::function<std::vector<std::string>(int)>& attempt);

private:
    std::atomic<int> kills_ = 0;
    struct Place {
        std::filesystem::path folder;
        std::vector<std::string> environment;
        std::vector<std::string> words;
    };
    [[nodiscard]] Place place(const std::string& name) const;
    [[nodiscard]] static std::vector<std::string> resume_and_check(const Place& place, const std::string& name);
};

}  // namespace passbench

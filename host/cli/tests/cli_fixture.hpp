// What tests of the command line share: it is called in this process, with a folder, a state folder and streams of its own,
// and with the stand-in agent, which is quick and goes wrong on request (guest/agent/tests/faulty_agent.cpp).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/cli/cli.hpp"

namespace passbench {

/// What a call of the command line came to.
struct Called {
    int exit = -1;
    std::string out;
    std::string err;
};

/// Calls cli_main with these words; `stop` is asked as for Ctrl-C.
[[nodiscard]] Called call(std::vector<std::string> words, StopAsked stop = {});

/// The exit code of a run that was measured whole: 5 where the hypervisor took so much CPU time from a trial that its value is
/// invalid, which no test can prevent.
[[nodiscard]] inline auto is_measured() { return ::testing::AnyOf(0, 5); }

class CliTest : public ::testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    /// A folder of this test alone, removed at its end.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path write(const std::string& name, const std::string& text) const;
    /// Two cases, two blocks, no gate; measured by the stand-in agent in well under a second.
    [[nodiscard]] std::filesystem::path tiny_scenario() const;
    /// `passbench run` of the tiny scenario with the stand-in agent into results(), with more words behind.
    [[nodiscard]] Called run_tiny(std::vector<std::string> more = {}, StopAsked stop = {}) const;
    /// A stop that is asked for as soon as an event of this kind is in the only run's events.jsonl.
    [[nodiscard]] StopAsked once_there_is(const std::string& kind) const;
    [[nodiscard]] Called resume(const std::filesystem::path& run) const;
    [[nodiscard]] std::filesystem::path results() const { return folder_ / "results"; }
    /// The run directories in results(), in their order.
    [[nodiscard]] std::vector<std::filesystem::path> runs() const;
    [[nodiscard]] std::filesystem::path only_run() const;

private:
    std::filesystem::path folder_;
};

/// The path of the stand-in agent, the agent, and the program.
extern const char* const stand_in_agent;
extern const char* const real_agent;
extern const char* const passbench_program;

[[nodiscard]] std::string content(const std::filesystem::path& file);

}  // namespace passbench

#include "host/cli/tests/cli_fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "harness/core/durable_files.hpp"

namespace passbench {

namespace fs = std::filesystem;

const char* const stand_in_agent = PASSBENCH_STAND_IN_AGENT;
const char* const real_agent = PASSBENCH_REAL_AGENT;
const char* const passbench_program = PASSBENCH_PROGRAM;

Called call(std::vector<std::string> words, StopAsked stop) {
    words.insert(words.begin(), "passbench");
    std::vector<const char*> arguments;
    std::transform(words.begin(), words.end(), std::back_inserter(arguments),
                   [](const auto& word) { return word.c_str(); });
    std::ostringstream out;
    std::ostringstream err;
    const int exit = cli_main(static_cast<int>(arguments.size()), arguments.data(),
                              {.out = out, .err = err, .stop = std::move(stop)});
    return {exit, out.str(), err.str()};
}

std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void CliTest::SetUp() {
    std::string pattern = (fs::temp_directory_path() / "passbench-cli-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    fs::create_directories(folder_ / "tmp");
    setenv("PASSBENCH_STATE", (folder_ / "state").c_str(), 1);
    setenv("TMPDIR", (folder_ / "tmp").c_str(), 1);
    unsetenv("PASSBENCH_FAULT");
}

void CliTest::TearDown() {
    set_store_observer({});
    unsetenv("PASSBENCH_FAULT");
    unsetenv("TMPDIR");
    std::error_code ignored;
    fs::permissions(folder_, fs::perms::owner_all, ignored);
    fs::remove_all(folder_, ignored);
}

fs::path CliTest::write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
}

fs::path CliTest::tiny_scenario() const {
    return write("tiny.toml", R"(version = 1
title = "Two cases"
arms = ["local"]

[[case]]
workload = "stream"
forms = ["cpu"]
axes = { op = ["copy", "dot"], bytes = "4 KiB", threads = 1 }

[design]
blocks = 2
trials = 1
iterations = 5
warmup = "1 ms"
warmup_cap = "10 ms"
trial_timeout = "15 s"
)");
}

Called CliTest::run_tiny(std::vector<std::string> more, StopAsked stop) const {
    std::vector<std::string> words = {"run",   tiny_scenario().string(), "--agent", stand_in_agent,
                                      "--out", results().string()};
    words.insert(words.end(), more.begin(), more.end());
    return call(words, std::move(stop));
}

StopAsked CliTest::once_there_is(const std::string& kind) const {
    return [this, kind] {
        const auto all = runs();
        return !all.empty() && content(all.front() / "events.jsonl").find('"' + kind + '"') != std::string::npos;
    };
}

Called CliTest::resume(const fs::path& run) const {
    return call({"run", "--resume", run.string(), "--agent", stand_in_agent});
}

std::vector<fs::path> CliTest::runs() const {
    std::vector<fs::path> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(results(), none)) {
        if (entry.path().filename().string().front() != '.') {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

fs::path CliTest::only_run() const {
    const auto all = runs();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? fs::path() : all.front();
}

}  // namespace passbench

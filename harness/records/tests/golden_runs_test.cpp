// Runs of every version must stay readable for ever: each folder under results/golden is read whole.
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;

/// Reads everything in a run: nothing, or the first thing that is wrong.
Result<void> read_whole(const fs::path& path) {
    PASSBENCH_TRY(const RunDirectory run, RunDirectory::open(path));
    PASSBENCH_CHECK(run.plan());
    PASSBENCH_CHECK(run.environments());
    PASSBENCH_CHECK(run.host());
    PASSBENCH_CHECK(run.events());
    PASSBENCH_CHECK(run.telemetry());
    PASSBENCH_CHECK(run.stats());
    PASSBENCH_CHECK(run.verdict());
    PASSBENCH_TRY(const SampleReader samples, run.samples());
    for (const Chunk& chunk : samples.chunks()) PASSBENCH_CHECK(samples.bytes(chunk));
    PASSBENCH_TRY(const std::vector<std::string> misfits, run.check_manifest());
    if (samples.chunks().empty() || !misfits.empty()) {
        return fail(
            {.code = ErrorCode::bad_record, .what = misfits.empty() ? "there are no samples" : misfits.front()});
    }
    return {};
}

std::vector<fs::path> golden_runs() {
    std::vector<fs::path> runs;
    for (const auto& entry : fs::directory_iterator("results/golden")) {
        if (entry.is_directory()) runs.push_back(entry.path());
    }
    std::sort(runs.begin(), runs.end());
    return runs;
}

TEST(GoldenRuns, AreAllReadableWhole) {
    const std::vector<fs::path> runs = golden_runs();
    EXPECT_FALSE(runs.empty());
    for (const fs::path& run : runs) {
        const auto read = read_whole(run);
        EXPECT_TRUE(read.has_value()) << run << ": " << (read ? "" : to_text(read.error()));
    }
}

TEST(GoldenRuns, WouldTellOneChangedByteInAnyMeasuredFile) {
    const TempFolder folder;
    const RunDirectory run = example::write_run(folder / "runs", folder / "scratch").value();
    ASSERT_TRUE(read_whole(run.path()).has_value());
    for (const auto& entry : fs::directory_iterator(run.path())) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file() || name == "log.txt") continue;
        const std::string content = read_plainly(entry.path());
        std::string changed = content;
        changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 0x08);
        write_plainly(entry.path(), changed);
        // Derived files are guarded by their form alone: one of their words may change into another.
        if (name != "stats.json" && name != "verdict.json") {
            EXPECT_FALSE(read_whole(run.path()).has_value()) << name;
        }
        write_plainly(entry.path(), content);
    }
}

}  // namespace
}  // namespace passbench

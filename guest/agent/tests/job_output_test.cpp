#include "guest/agent/job_output.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "guest/agent/tests/job_folder.hpp"

namespace passbench {
namespace {

void append(const std::filesystem::path& path, std::string_view text) { std::ofstream(path, std::ios::app) << text; }

TEST(JobOutputFolder, CutsBackToTheMark) {
    const JobFolder folder;
    auto output = JobOutputFolder::open(folder.path());
    ASSERT_TRUE(output) << to_text(output.error());
    append(folder.path() / "samples.bin", "01234567");
    append(folder.path() / "samples.jsonl", "{}\n");
    const auto mark = output->mark();
    append(folder.path() / "samples.bin", "89");
    append(folder.path() / "samples.jsonl", "{\"form");
    ASSERT_TRUE(output->cut_back(*mark));
    EXPECT_EQ(folder.text("samples.bin"), "01234567");
    EXPECT_EQ(folder.text("samples.jsonl"), "{}\n");
}

TEST(JobOutputFolder, AppendsToWhatIsThere) {
    const JobFolder folder;
    Event event;
    event.kind = "trial_begun";
    event.at = "2026-01-15T09:30:00.000Z";
    for (int round = 0; round < 2; ++round) {
        auto output = JobOutputFolder::open(folder.path());
        ASSERT_TRUE(output);
        ASSERT_TRUE(output->append(event));
    }
    EXPECT_EQ(folder.text("events.jsonl"), to_json_line(event) + to_json_line(event));
}

TEST(JobOutputFolder, SaysWhereItCannotBeMade) {
    const JobFolder folder;
    append(folder.path() / "file", "");
    const auto output = JobOutputFolder::open(folder.path() / "file" / "out");
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code, ErrorCode::io);
    EXPECT_FALSE(output.error().fix.empty());
}

}  // namespace
}  // namespace passbench

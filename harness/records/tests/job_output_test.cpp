// What an agent may and may not hand back. Each test plants one fault into a sound output.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class JobOutputTest : public testing::Test {
protected:
    JobOutputTest() { EXPECT_TRUE(example::write_job_output(folder_.path(), request_).has_value()); }

    [[nodiscard]] Error refused() const {
        const auto output = read_job_output(folder_.path(), request_);
        EXPECT_FALSE(output.has_value());
        if (output) return {};
        EXPECT_EQ(output.error().code, ErrorCode::bad_record);
        EXPECT_FALSE(output.error().fix.empty());
        return output.error();
    }
    void replace(const std::string& file, std::string_view from, std::string_view to) const {
        std::string text = read_plainly(folder_ / file);
        const std::size_t at = text.find(from);
        ASSERT_NE(at, std::string::npos) << "the test plants nothing: " << from;
        write_plainly(folder_ / file, text.replace(at, from.size(), to));
    }
    void append(const std::string& file, const std::string& text) const {
        write_plainly(folder_ / file, read_plainly(folder_ / file) + text);
    }
    [[nodiscard]] std::string line_at(const std::string& file, int line) const {
        return (folder_ / file).string() + ":" + std::to_string(line);
    }
    [[nodiscard]] std::vector<Chunk> chunks() const { return SampleReader::open(folder_.path()).value().chunks(); }
    void write_chunks(const std::vector<Chunk>& chunks) const {
        std::string lines;
        for (const Chunk& chunk : chunks) lines += to_json_line(chunk);
        write_plainly(folder_ / "samples.jsonl", lines);
    }

    TempFolder folder_;
    JobRequest request_ = example::request(example::plan(), 1, 0);
};

TEST_F(JobOutputTest, ThatIsSoundIsReadWhole) {
    const JobOutput output = read_job_output(folder_.path(), request_).value();
    EXPECT_EQ(output.chunks.size(), 8U);
    EXPECT_EQ(output.events.size(), 8U);
    EXPECT_EQ(output.telemetry.size(), 1U);
    EXPECT_EQ(output.folder, folder_.path());
}

TEST_F(JobOutputTest, OfTrialsThatWereAllSkippedNeedsNoSamples) {
    for (const auto* file : {"samples.jsonl", "samples.bin", "telemetry.jsonl"}) fs::remove(folder_ / file);
    write_plainly(folder_ / "events.jsonl",
                  to_json_line(example::trial_event(request_, request_.trials[0], "trial_skipped")));
    EXPECT_TRUE(read_job_output(folder_.path(), request_).has_value());
}

TEST_F(JobOutputTest, ThatEndedEarlyIsReadAsFarAsItWent) {
    std::vector<Chunk> some = chunks();
    some.resize(2);
    write_chunks(some);
    write_plainly(folder_ / "events.jsonl",
                  to_json_line(example::trial_event(request_, request_.trials[0], "trial_begun")));
    EXPECT_EQ(read_job_output(folder_.path(), request_).value().chunks.size(), 2U);
}

TEST_F(JobOutputTest, WithoutEventsSaysThatTheAgentEndedBefore) {
    fs::remove(folder_ / "events.jsonl");
    EXPECT_THAT(refused().what, HasSubstr("the agent left no events.jsonl"));
    fs::create_directory(folder_ / "events.jsonl");
    EXPECT_THAT(refused().what, HasSubstr("the agent left no events.jsonl"));
}

TEST_F(JobOutputTest, CutShortInAnyFileIsRefused) {
    for (const auto* file : {"events.jsonl", "samples.jsonl", "telemetry.jsonl"}) {
        const std::string whole = read_plainly(folder_ / file);
        write_plainly(folder_ / file, whole.substr(0, whole.size() - 1));
        const Error error = refused();
        EXPECT_THAT(error.what, HasSubstr("the last line is cut short")) << file;
        EXPECT_EQ(error.where, (folder_ / file).string());
        write_plainly(folder_ / file, whole);
    }
    const auto size = fs::file_size(folder_ / "samples.bin");
    fs::resize_file(folder_ / "samples.bin", size - 1);
    EXPECT_THAT(refused().what, HasSubstr("beyond the end of samples.bin"));
}

TEST_F(JobOutputTest, OfGarbageIsRefusedWithFileAndLine) {
    for (const auto* file : {"events.jsonl", "samples.jsonl", "telemetry.jsonl"}) {
        const std::string whole = read_plainly(folder_ / file);
        write_plainly(folder_ / file, std::string("Welcome to lab-guest!\n") + whole);
        EXPECT_EQ(refused().where, line_at(file, 1));
        write_plainly(folder_ / file, std::string(3 << 20, 'x') + "\n");
        EXPECT_THAT(refused().what, HasSubstr("longer than 1 MiB"));
        write_plainly(folder_ / file, std::string("\0\0\n", 3));
        EXPECT_EQ(refused().where, line_at(file, 1));
        write_plainly(folder_ / file, whole);
    }
}

TEST_F(JobOutputTest, WithOneFlippedBitDoesNotFitItsChecksum) {
    std::string bytes = read_plainly(folder_ / "samples.bin");
    bytes.back() = static_cast<char>(bytes.back() ^ 0x40);
    write_plainly(folder_ / "samples.bin", bytes);
    const Error error = refused();
    EXPECT_EQ(error.what, "the samples do not fit their checksum");
    EXPECT_EQ(error.where, line_at("samples.jsonl", 8));
}

TEST_F(JobOutputTest, OfAnotherJobIsRefused) {
    replace("samples.jsonl", "\"arm\":\"native\"", "\"arm\":\"dda\"");
    EXPECT_EQ(refused().what, "this is of arm dda, block 1, attempt 0; the job was arm native, block 1, attempt 0");
    request_.attempt = 2;
    EXPECT_THAT(refused().what, HasSubstr("the job was arm native, block 1, attempt 2"));
    request_.attempt = 0;
    request_.block = 0;
    EXPECT_THAT(refused().what, HasSubstr("the job was arm native, block 0, attempt 0"));
}

TEST_F(JobOutputTest, OfATrialThatWasNotAskedForIsRefused) {
    const TrialRequest dropped = request_.trials.back();
    request_.trials.pop_back();
    const Error error = refused();
    EXPECT_EQ(error.what, "the job was not asked for this trial (" + dropped.what.name + ", trial " +
                              std::to_string(dropped.trial) + ")");
    EXPECT_EQ(error.where, line_at("samples.jsonl", 7));
}

TEST_F(JobOutputTest, WithAnEventOfATrialThatWasNotAskedForIsRefused) {
    replace("events.jsonl", "\"trial\":1", "\"trial\":7");
    const Error error = refused();
    EXPECT_THAT(error.what, HasSubstr("the job was not asked for this trial"));
    EXPECT_EQ(error.where, line_at("events.jsonl", 1));
}

TEST_F(JobOutputTest, WithTelemetryOfATrialThatWasNotAskedForIsRefused) {
    replace("telemetry.jsonl", "\"case\":\"", "\"case\":\"x");
    EXPECT_EQ(refused().where, line_at("telemetry.jsonl", 1));
}

TEST_F(JobOutputTest, MayNotSayThatABlockEnded) {
    append("events.jsonl", to_json_line([&] {
               Event event = example::event("block_ended", 1, 0);
               event.arm = "native";
               return event;
           }()));
    const Error error = refused();
    EXPECT_EQ(error.what, "an agent has no say in events of the kind 'block_ended'");
    EXPECT_EQ(error.where, line_at("events.jsonl", 9));
}

TEST_F(JobOutputTest, MayNotPassEventsForTelemetry) {
    append("telemetry.jsonl", to_json_line(example::trial_event(request_, request_.trials[0], "trial_ended")));
    EXPECT_EQ(refused().where, line_at("telemetry.jsonl", 2));
    append("events.jsonl", to_json_line(example::trial_event(request_, request_.trials[0], "telemetry")));
    EXPECT_EQ(refused().where, line_at("events.jsonl", 9));
}

TEST_F(JobOutputTest, HasEachEventOfATrialOnce) {
    const std::string events = read_plainly(folder_ / "events.jsonl");
    append("events.jsonl", to_json_line(example::trial_event(request_, request_.trials[0], "trial_failed")));
    EXPECT_THAT(refused().what, HasSubstr("the trial has this event twice"));
    write_plainly(folder_ / "events.jsonl", events.substr(0, events.find('\n') + 1) + events);
    EXPECT_EQ(refused().where, line_at("events.jsonl", 2));
}

TEST_F(JobOutputTest, HasSamplesOfEveryTrialThatEnded) {
    std::vector<Chunk> without = chunks();
    without.erase(without.begin() + 1);
    write_chunks(without);
    const Error error = refused();
    EXPECT_THAT(error.what, HasSubstr("the trial ended, but there are no samples of it"));
    EXPECT_EQ(error.where, line_at("events.jsonl", 2));
}

TEST_F(JobOutputTest, HasNoIterationTwiceAndNoneLeftOut) {
    std::vector<Chunk> again = chunks();
    again[1].first = 1;
    write_chunks(again);
    EXPECT_THAT(refused().what, HasSubstr("the chunk begins at iteration 1 of its phase where 0 is the next"));
}

TEST_F(JobOutputTest, HasNoChunkThatLiesOverAnother) {
    std::vector<Chunk> over = chunks();
    over[1].at = over[0].at;
    write_chunks(over);
    EXPECT_THAT(refused().what, HasSubstr("the chunk lies over the one before it"));
}

TEST_F(JobOutputTest, HasNoMoreMeasuredIterationsThanWereAskedForUnlessTheyStopByPrecision) {
    request_.iterations = 1;
    EXPECT_THAT(refused().what, HasSubstr("more measured iterations than the 1 that were asked for"));
    request_.stop = StopRule::precision;
    EXPECT_TRUE(read_job_output(folder_.path(), request_).has_value());
}

}  // namespace
}  // namespace passbench

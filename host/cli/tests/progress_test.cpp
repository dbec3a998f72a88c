#include "host/cli/progress.hpp"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace passbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

RunProgress at(std::size_t done) {
    return {.done = done,
            .planned = 100,
            .elapsed_s = 5,
            .left_s = 80,
            .look = 1,
            .looks = 1,
            .block = 2,
            .blocks = 6,
            .arm = "local"};
}

std::size_t lines_in(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(TimeLeft, IsSaidAsPeopleSayIt) {
    EXPECT_EQ(time_left(0.2), "under 1 s");
    EXPECT_EQ(time_left(45), "about 45 s");
    EXPECT_EQ(time_left(80), "about 1 min 20 s");
    EXPECT_EQ(time_left(120), "about 2 min");
    EXPECT_EQ(time_left(7500), "about 2 h 5 min");
}

TEST(ProgressBar, ShowsShareBlockArmAndTimeLeftInUnderEightyColumns) {
    std::ostringstream stream;
    const auto bar = make_progress_bar(stream);
    bar->begin("results/runs/x", at(0));
    stream.str("");
    bar->trial_done(at(25));
    const auto text = stream.str();
    const auto line = text.substr(text.rfind('\r') + 1);
    EXPECT_EQ(line, "[#####...............]  25 %  block 3 of 6, local, about 1 min 20 s left");
    EXPECT_LT(line.size(), 80U);
}

TEST(ProgressBar, AMessageStandsAboveTheBarAndTheBarIsGoneAtTheEnd) {
    std::ostringstream stream;
    const auto bar = make_progress_bar(stream);
    bar->begin("results/runs/x", at(0));
    bar->trial_done(at(50));
    bar->message("the machine is busy");
    EXPECT_THAT(stream.str(), HasSubstr("\rthe machine is busy\n[####"));
    bar->end(at(100));
    const auto text = stream.str();
    EXPECT_EQ(text.substr(text.size() - 2), " \r");
}

TEST(ProgressLines, SayALineATenthAndNotALineATrial) {
    std::ostringstream stream;
    const auto lines = make_progress_lines(stream, [] { return std::int64_t{0}; });
    lines->begin("results/runs/x", at(0));
    for (std::size_t done = 1; done <= 100; ++done) {
        lines->trial_done(at(done));
    }
    EXPECT_EQ(lines_in(stream.str()), 11U);
    EXPECT_THAT(stream.str(), AllOf(HasSubstr("10 of 100 trials (10 %), block 3 of 6, local, about 1 min 20 s left\n"),
                                    HasSubstr("100 of 100 trials (100 %)")));
}

TEST(ProgressLines, SayALineInTenSecondsWhereATenthTakesLonger) {
    std::ostringstream stream;
    std::int64_t now_ns = 0;
    const auto lines = make_progress_lines(stream, [&] { return now_ns; });
    lines->begin("results/runs/x", at(0));
    for (const std::size_t done : {1U, 2U, 3U, 4U}) {
        now_ns += 4'000'000'000;
        lines->trial_done(at(done));
    }
    EXPECT_EQ(lines_in(stream.str()), 2U);
}

TEST(ProgressJson, IsOneDocumentALine) {
    std::ostringstream stream;
    const auto lines = make_progress_json(stream);
    lines->begin("results/runs/x", at(0));
    lines->trial_done(at(1));
    lines->message("a \"quoted\"\nmessage");
    lines->end(at(100));
    std::istringstream read(stream.str());
    std::vector<std::string> events;
    for (std::string line; std::getline(read, line);) {
        const auto document = nlohmann::json::parse(line);
        EXPECT_EQ(document["format"], "passbench.progress");
        events.push_back(document["event"]);
    }
    EXPECT_THAT(events, ::testing::ElementsAre("begin", "trial", "message", "end"));
}

}  // namespace
}  // namespace passbench

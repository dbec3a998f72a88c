// What all documents have in common: round trips, the place of a mistake, limits, versions, numbers that are none.
#include <algorithm>
#include <functional>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/checksum.hpp"
#include "harness/records/job_progress.hpp"
#include "harness/records/json_codec.hpp"
#include "harness/records/tests/example_records.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

/// One document: its example, and decoding followed by encoding.
struct Document {
    std::string name;
    std::string example;
    std::function<Result<std::string>(std::string_view)> again;
};

void PrintTo(const Document& document, std::ostream* out) { *out << document.name; }

template <typename Decode>
Document document(std::string name, std::string example, Decode decode) {
    return {std::move(name), std::move(example), [decode](std::string_view text) -> Result<std::string> {
                PASSBENCH_TRY(const auto value, decode(text));
                return to_json(value);
            }};
}

std::vector<Document> documents() {
    const std::map<std::string, Environment> by_arm = {{"native", example::environment()}, {"dda", {}}};
    return {document("plan", to_json(example::plan()), plan_from_json),
            document("progress", to_json(JobProgress{.done = 3, .total = 8, .case_name = "copy/cpu?\"x"}),
                     job_progress_from_json),
            document("request", to_json(example::request(example::plan(), 1, 0)), request_from_json),
            document("environment", to_json(example::environment()), environment_from_json),
            document("environments", to_json(by_arm), environments_from_json),
            document("host", to_json(example::host()), host_from_json),
            document("status", to_json(example::status()), status_from_json),
            document("stats", to_json(example::stats()), stats_from_json),
            document("verdict", to_json(example::verdict()), verdict_from_json)};
}

class EveryDocument : public testing::TestWithParam<Document> {};
INSTANTIATE_TEST_SUITE_P(Records, EveryDocument, testing::ValuesIn(documents()),
                         [](const auto& parameter) { return parameter.param.name; });

TEST_P(EveryDocument, ComesBackTheSameByteForByte) {
    const auto again = GetParam().again(GetParam().example);
    ASSERT_TRUE(again.has_value()) << to_text(again.error());
    EXPECT_EQ(*again, GetParam().example);
}

TEST_P(EveryDocument, SaysWhatItIsAndEndsInANewline) {
    const auto json = codec::parse(GetParam().example, codec::max_document_bytes);
    EXPECT_TRUE(json["format"].get<std::string>().starts_with("passbench."));
    EXPECT_EQ(json["version"], 1);
    EXPECT_TRUE(GetParam().example.ends_with("}\n"));
}

TEST_P(EveryDocument, OfAnUnknownVersionIsRefusedWithWhatToDo) {
    const Error error =
        GetParam().again(example::replaced(GetParam().example, "\"version\": 1", "\"version\": 2")).error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_THAT(error.what, HasSubstr("this is version 2 of passbench." + GetParam().name));
    EXPECT_THAT(error.what, HasSubstr("only version 1 is known here"));
    EXPECT_EQ(error.fix, "Read it with the newer passbench that wrote it.");
}

TEST_P(EveryDocument, OfAnotherFormatIsRefused) {
    const Error error = GetParam().again(R"({"format":"passbench.journal","version":1})").error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_THAT(error.what, HasSubstr("'passbench.journal', not 'passbench."));
}

TEST_P(EveryDocument, CutShortAnywhereIsABadRecordAndNoCrash) {
    const std::string& whole = GetParam().example;
    for (std::size_t length = 0; length + 2 < whole.size(); length += 1 + whole.size() / 400) {
        const auto again = GetParam().again(std::string_view(whole).substr(0, length));
        ASSERT_FALSE(again.has_value()) << length;
        ASSERT_EQ(again.error().code, ErrorCode::bad_record) << length;
    }
}

TEST_P(EveryDocument, WithoutAnyOneOfItsTopKeysIsABadRecordThatNamesTheKey) {
    const auto whole = codec::parse(GetParam().example, codec::max_document_bytes);
    for (const auto& item : whole.items()) {
        if (item.key() == "ended" || item.key() == "reason") continue;  // of status.json, absent while it runs
        // Of stats.json, absent in older runs.
        if (item.key() == "fits" || item.key() == "speed_ups" || item.key() == "parts" || item.key() == "host_times")
            continue;
        if (item.key() == "kept") continue;       // of status.json and verdict.json, absent where nothing was
        if (item.key() == "preflight") continue;  // of environment.json, absent in older runs
        codec::Json without = whole;
        without.erase(item.key());
        const auto again = GetParam().again(codec::to_document(without));
        ASSERT_FALSE(again.has_value()) << item.key();
        EXPECT_EQ(again.error().what, "the document: the key '" + item.key() + "' is missing");
    }
}

TEST_P(EveryDocument, ThatNestsTooDeepIsRefusedBeforeItIsBuilt) {
    const Error error = GetParam().again(std::string(1'000'000, '[')).error();
    EXPECT_EQ(error.what, "its brackets nest deeper than 64");
}

TEST_P(EveryDocument, ThatIsNoJsonSaysWhereItStopsBeingIt) {
    const Error error = GetParam().again("{\"format\": \x01}").error();
    EXPECT_EQ(error.code, ErrorCode::bad_record);
    EXPECT_THAT(error.what, HasSubstr("it is not JSON: parse error at line 1, column 12"));
    EXPECT_THAT(GetParam().again("[1e999]").error().what, HasSubstr("it is not JSON: "));
    EXPECT_EQ(GetParam().again("[]").error().what, "the document: expected an object");
    EXPECT_EQ(GetParam().again("null").error().what, "the document: expected an object");
}

TEST(DocumentDepth, CountsNoBracketsInsideOfTexts) {
    std::string title(1000, '[');
    title += "\\\"{{{";
    Plan plan = example::plan();
    plan.title = title;
    EXPECT_EQ(plan_from_json(to_json(plan)).value().title, title);
}

/// A change of one place, and the words that name it.
struct Mistake {
    std::string_view from;
    std::string_view to;
    std::string_view what;
};

TEST(PlanDocument, NamesThePlaceOfAMistake) {
    for (const Mistake& mistake : std::initializer_list<Mistake>{
             {"\"bytes\": 4096", "\"bytes\": 4096.5", "cases[0].parameters.bytes: expected an integer or a text"},
             {"\"bytes\": 8192", "\"bytes\": \"8 KiB\"", "cases[0].work.bytes: expected an integer"},
             {"\"bytes\": 8192", "\"bytes\": -1",
              "cases[0].work.bytes: expected an integer from 0 to 9223372036854775807"},
             {"\"bytes\": 8192", "\"bytes\": 9223372036854775808",
              "cases[0].work.bytes: expected an integer from 0 to 9223372036854775807"},
             {"\"form\": \"cpu\"", "\"form\": \"gpu\"", "cases[0].form: expected one of cpu, cuda"},
             {"\"budget\": 0.03", "\"budget\": null", "cases[0].gates[0].budget: expected a number"},
             {"[\"native\",\"dda\"]", "[\"dda\",\"dda\"]", "arms[1]: two arms have this name"},
             {"[\"native\",\"dda\"]", "\"native\"", "arms: expected an array"},
             {"\"looks\": [2]", "\"looks\": [2,2]", "design.looks[1]: expected more blocks than at the look before"},
             {"\"looks\": [2]", "\"looks\": [3]", "the document: there are 2 blocks, but the last look is after 3"},
             {"\"looks\": [2]", "\"looks\": []", "design: the key 'looks' names no look"},
             {"\"seed\": 18446744073709551615", "\"seed\": -1",
              "design.seed: expected an integer that is not negative"},
             {"\"seed\": 18446744073709551615", "\"seed\": 1.5",
              "design.seed: expected an integer that is not negative"},
             {"\"alpha\": 0.05", "\"alpha\": 5", "design.alpha: expected a finite number from 0.0 to 1.0"},
             {"[0,1]", "[0,2]", "blocks[0].slots[0][1]: expected an integer from 0 to 1"},
             {"[0,1]", "[2,1]", "blocks[0].slots[0][0]: expected an integer from 0 to 1"},
             {"[0,1]", "[0,1,1]", "blocks[0].slots[0]: expected at most 2 elements, there are 3"},
             {"[0,1]", "[0]", "blocks[0].slots[0]: expected [case, trial]"},
             {"[0,1]", "[1,0]", "blocks[0]: one trial is in the block twice"},
             {"\"arms\": [1,0]", "\"arms\": [1,1]", "blocks[0].arms[1]: this arm is in the block twice"},
             {"\"vcpus\": 8", "\"vcpus\": 0", "machine.vcpus: expected an integer from 1 to 2147483647"}}) {
        const auto plan = plan_from_json(example::replaced(to_json(example::plan()), mistake.from, mistake.to));
        ASSERT_FALSE(plan.has_value()) << mistake.to;
        EXPECT_EQ(plan.error().code, ErrorCode::bad_record) << mistake.to;
        EXPECT_EQ(plan.error().what, mistake.what) << mistake.to;
    }
}

TEST(PlanDocument, HasTheSameDigestOnEveryMachineAndBuild) {
    EXPECT_EQ(plan_digest(example::plan()), "08f51016a25f625d5b246a7e2ac3497ebe7cf2b8715111206efffd4d4f4760b6");
    EXPECT_EQ(plan_from_json(to_json(example::plan())).value().sha256, plan_digest(example::plan()));
}

TEST(PlanDocument, ThatWasEditedIsToldFromADamagedOne) {
    for (const Mistake& edit :
         std::initializer_list<Mistake>{{"\"trials\": 2", "\"trials\": 3", ""},
                                        {"0.03", "0.3", ""},
                                        {"\"version\": 1", "\"later\": 7,\n \"version\": 1", ""}}) {
        const Error error = plan_from_json(example::replaced(to_json(example::plan()), edit.from, edit.to)).error();
        EXPECT_EQ(error.code, ErrorCode::plan_changed) << edit.to;
        EXPECT_THAT(error.what, HasSubstr("it says 08f51016a25f")) << edit.to;
        EXPECT_THAT(error.fix, HasSubstr("begin a new run")) << edit.to;
    }
}

TEST(PlanDocument, MayBeLaidOutAnewAndHaveKeysOfALaterVersion) {
    codec::Json json = codec::parse(to_json(example::plan()), codec::max_plan_bytes);
    json["of_a_later_version"] = {1, 2};
    json.erase("sha256");
    json["sha256"] = sha256_hex(codec::to_compact(json));
    EXPECT_TRUE(plan_from_json(json.dump(4)).has_value());
}

TEST(PlanDocument, KeepsTheLoadOfACaseAndRefusesOneThatIsNone) {
    Plan plan = example::plan();
    EXPECT_EQ(to_json(plan).find("\"load\""), std::string::npos);  // plans of before there were any keep their digest
    plan.cases[1].load = Load{.kind = LoadKind::memory, .level = 2};
    const std::string text = to_json(plan);
    const auto again = plan_from_json(text);
    ASSERT_TRUE(again) << to_text(again.error());
    EXPECT_FALSE(again->cases[0].load);
    EXPECT_EQ(again->cases[1].load, plan.cases[1].load);
    EXPECT_EQ(plan_from_json(example::replaced(text, "\"memory\"", "\"disk\"")).error().code, ErrorCode::bad_record);
    const auto none = plan_from_json(example::replaced(text, "\"level\": 2", "\"level\": 0"));
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().what, HasSubstr("cases[1].load.level"));
    const auto request = request_from_json(to_json(example::request(plan, 0, 0)));
    ASSERT_TRUE(request) << to_text(request.error());
    EXPECT_TRUE(
        std::ranges::any_of(request->trials, [](const TrialRequest& trial) { return trial.what.load.has_value(); }));
}

TEST(RequestDocument, HasTheHostsMemoryOnlyWhereItIsKnown) {
    JobRequest request = example::request(example::plan(), 0, 1);
    EXPECT_EQ(request_from_json(to_json(request))->host_memory_bytes, 0);
    request.host_memory_bytes = std::int64_t{64} << 30;
    EXPECT_EQ(request_from_json(to_json(request))->host_memory_bytes, std::int64_t{64} << 30);
    EXPECT_FALSE(request_from_json(
        example::replaced(to_json(request), "\"host_memory_bytes\": 68719476736", "\"host_memory_bytes\": 0")));
}

TEST(RequestDocument, KeepsSeedsThatADoubleCannotHold) {
    JobRequest request = example::request(example::plan(), 0, 0);
    request.trials[0].seed = 18446744073709551615U;
    EXPECT_EQ(request_from_json(to_json(request)).value().trials[0].seed, 18446744073709551615U);
}

TEST(EnvironmentDocument, KeepsTheTypesOfFacts) {
    const Facts facts = {{"whole", 3.0}, {"integer", std::int64_t{3}}, {"text", "3"}, {"truth", true}};
    Environment environment;
    environment.identity = facts;
    EXPECT_EQ(environment_from_json(to_json(environment)).value().identity, facts);
}

TEST(EnvironmentDocument, LeavesOutFactsThatAreNoNumber) {
    Environment environment;
    environment.context = {{"nan", std::numeric_limits<double>::quiet_NaN()},
                           {"infinity", -std::numeric_limits<double>::infinity()},
                           {"one", 1.0}};
    EXPECT_EQ(environment_from_json(to_json(environment)).value().context, (Facts{{"one", 1.0}}));
}

TEST(EnvironmentDocument, WritesBytesThatAreNoUtf8AsTheReplacementCharacter) {
    Environment environment;
    environment.context = {{"vendor", "ab\xff\xfe"}};
    EXPECT_EQ(fact_text(environment_from_json(to_json(environment)).value().context, "vendor"),
              "ab\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(EnvironmentDocument, RefusesFactsThatAreNoScalars) {
    for (const auto* wrong : {"null", "[1]", "{}", "18446744073709551615"}) {
        Environment environment;
        environment.context = {{"kernel", "6.1"}};
        const Error error = environment_from_json(example::replaced(to_json(environment), "\"6.1\"", wrong)).error();
        EXPECT_THAT(error.what, HasSubstr("context.kernel: expected ")) << wrong;
    }
}

TEST(StatsDocument, WritesNoNumberThatIsNone) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    Stats stats = example::stats();
    stats.blocks[0].value = nan;
    stats.quantiles[0].value = std::numeric_limits<double>::infinity();
    stats.estimates[0].value = nan;
    stats.estimates[0].confidence = nan;
    stats.estimates[0].limit->value = nan;
    stats.fits[0].numbers[0].lo = nan;
    stats.fits[0].furthest->value = nan;
    const std::string text = to_json(stats);
    EXPECT_THAT(text, testing::Not(HasSubstr("null")));
    const Stats again = stats_from_json(text).value();
    EXPECT_EQ(again.blocks.size(), 1U);
    EXPECT_TRUE(again.quantiles.empty());
    EXPECT_EQ(again.estimates[0].value, std::nullopt);
    EXPECT_EQ(again.estimates[0].limit.has_value(), false);
    EXPECT_EQ(again.estimates[0].confidence, 0);
    EXPECT_EQ(again.estimates[0].lo, 4.0e10);
    EXPECT_EQ(again.fits[0].numbers[0].lo, std::nullopt);
    EXPECT_EQ(again.fits[0].numbers[0].hi, 10'500.0);
    EXPECT_EQ(again.fits[0].furthest.has_value(), false);
}

TEST(StatsDocument, OfARunFromBeforeThereWereFitsAndSpeedUpsHasNone) {
    std::string text = to_json(example::stats());
    for (const std::string key : {"\"fits\"", "\"speed_ups\""}) {
        const std::size_t begin = text.find(key);
        ASSERT_NE(begin, std::string::npos);
        text.replace(begin, key.size(), "\"not_yet_" + key.substr(1));
    }
    const auto stats = stats_from_json(text);
    ASSERT_TRUE(stats) << stats.error().what;
    EXPECT_TRUE(stats->fits.empty());
    EXPECT_TRUE(stats->speed_ups.empty());
}

TEST(StatsDocument, KeepsEveryDoubleExactly) {
    Stats stats = example::stats();
    stats.blocks[0].value = 0.1 + 0.2;
    stats.blocks[1].value = std::numeric_limits<double>::denorm_min();
    const Stats again = stats_from_json(to_json(stats)).value();
    EXPECT_EQ(again.blocks[0].value, 0.1 + 0.2);
    EXPECT_EQ(again.blocks[1].value, std::numeric_limits<double>::denorm_min());
}

TEST(StatsDocument, NamesThePlaceOfAMistake) {
    for (const Mistake& mistake : std::initializer_list<Mistake>{
             {"\"direction\": \"higher\"", "\"direction\": \"up\"",
              "estimates[0].direction: expected one of lower, higher"},
             {"\"kind\": \"measured\"", "\"kind\": \"guess\"",
              "estimates[0].limit.kind: expected one of none, measured, physical"},
             {"\"word\": \"skipped\"", "\"word\": \"gone\"",
              "missing[0].word: expected one of skipped, invalid, error"},
             {"\"value\": 1001.5", "\"value\": \"fast\"", "blocks[0].value: expected a number"},
             {"\"value\": 10250.5", "\"value\": \"slow\"", "fits[0].numbers[0].value: expected a number"},
             {"\"cpu_cases\": 2", "\"cpu_cases\": -1",
              "speed_ups[0].cpu_cases: expected an integer from 0 to 2147483647"},
             {"\"points\": 3", "\"points\": 0.5", "fits[0].points: expected an integer"},
             {"\"p\": 0.99", "\"p\": 99", "quantiles[0].p: expected a finite number from 0.0 to 1.0"}}) {
        const auto stats = stats_from_json(example::replaced(to_json(example::stats()), mistake.from, mistake.to));
        ASSERT_FALSE(stats.has_value()) << mistake.to;
        EXPECT_EQ(stats.error().what, mistake.what);
    }
}

TEST(VerdictDocument, HasAWordForEveryOutcomeWithItsExitCode) {
    using enum RunWord;
    const std::map<RunWord, int> exits = {{qualified, 0},    {measured, 0}, {not_qualified, 1},
                                          {inconclusive, 3}, {failed, 4},   {invalid, 5}};
    for (const auto& [word, exit] : exits) {
        Verdict verdict = example::verdict();
        verdict.word = word;
        EXPECT_EQ(verdict_from_json(to_json(verdict)).value().word, word) << to_string(word);
        EXPECT_EQ(exit_code(word), exit) << to_string(word);
    }
    EXPECT_EQ(to_string(not_qualified), "not_qualified");
    using Gates = std::vector<std::string_view>;
    Gates words;
    for (int word = 0; word <= static_cast<int>(GateWord::error); ++word)
        words.push_back(to_string(static_cast<GateWord>(word)));
    EXPECT_EQ(words, (Gates{"ok", "improved", "regressed", "inconclusive", "confounded", "invalid", "skipped", "waived",
                            "error"}));
}

TEST(StatusDocument, LeavesOutWhatIsNotKnownWhileItRuns) {
    RunStatus status;
    status.started = "2026-01-15T09:30:00.123Z";
    const std::string text = to_json(status);
    EXPECT_THAT(text, testing::Not(testing::AnyOf(HasSubstr("ended"), HasSubstr("reason"))));
    EXPECT_EQ(status_from_json(text).value().ended, "");
}

TEST(EventLine, ComesBackTheSameWithAndWithoutWhatItIsAbout) {
    for (Event event :
         {example::event("run_begun"), example::event("block_ended", 3, 1), example::event("telemetry", 0, 0)}) {
        event.facts = {{"reason", "line\nbreak"}, {"n", std::int64_t{1}}};
        const std::string line = to_json_line(event);
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
        const Event again = event_from_json(line.substr(0, line.size() - 1)).value();
        EXPECT_EQ(to_json_line(again), line);
        EXPECT_EQ(again.block, event.block);
        EXPECT_EQ(again.facts, event.facts);
    }
}

TEST(EventLine, OfTelemetryIsAFormatOfItsOwn) {
    EXPECT_THAT(to_json_line(example::event("telemetry")), HasSubstr("\"format\":\"passbench.telemetry\""));
    const std::string lie =
        example::replaced(to_json_line(example::event("telemetry")), "passbench.telemetry", "passbench.event");
    EXPECT_EQ(event_from_json(lie).error().what, "kind: this kind does not belong to this format");
}

TEST(EventLine, LongerThanAMebibyteIsRefused) {
    Event event = example::event("trial_failed", 0, 0);
    event.facts = {{"reason", std::string(1 << 20, 'x')}};
    EXPECT_THAT(event_from_json(to_json_line(event)).error().what, HasSubstr("more than the 1048576 that are read"));
}

TEST(CountingAttempts, AreTheHighestThatEnded) {
    const std::vector<Event> events = {example::event("block_begun", 0, 0), example::event("block_interrupted", 0, 0),
                                       example::event("block_begun", 0, 1), example::event("block_ended", 0, 1),
                                       example::event("block_ended", 1, 2), example::event("block_ended", 1, 0),
                                       example::event("block_begun", 1, 3), example::event("block_begun", 2, 0)};
    EXPECT_EQ(counting_attempts(events), (CountingAttempts{{0, 1}, {1, 2}}));
}

}  // namespace
}  // namespace passbench

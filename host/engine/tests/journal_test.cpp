#include "host/engine/journal.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "host/engine/tests/engine_fixture.hpp"

namespace passbench::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class JournalTest : public EngineTest {
public:
    JournalTest() {
        auto lease = acquire();
        text = *journal_text(state, order().run);
    }
    std::string text;  // of a lease whose steps are all carried out
};

TEST_F(JournalTest, ReadsBackWhatWasWritten) {
    const auto content = parse_journal(text, "j");
    ASSERT_TRUE(content) << to_text(content.error());
    EXPECT_THAT(content->damage, IsEmpty());
    ASSERT_THAT(content->leases, SizeIs(1));
    const JournalLease& lease = content->leases[0];
    EXPECT_EQ(lease.provider, "files");
    EXPECT_EQ(lease.snapshot, before);
    EXPECT_TRUE(lease.is_open());
    ASSERT_THAT(lease.steps, SizeIs(5));
    for (std::size_t index = 0; index < 5; ++index) {
        EXPECT_EQ(lease.steps[index].step, lab_steps()[index]);
        EXPECT_EQ(lease.steps[index].phase, StepPhase::done);
    }
}

TEST_F(JournalTest, CutAtAnyByteItReadsAsFarAsItsWholeLines) {
    std::size_t steps = 0;
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const auto content = parse_journal(std::string_view(text).substr(0, size), "j");
        ASSERT_TRUE(content) << size;
        EXPECT_THAT(content->damage, IsEmpty()) << size;
        const std::size_t now = content->leases.empty() ? 0 : content->leases[0].steps.size();
        EXPECT_GE(now, steps);
        steps = now;
    }
    EXPECT_EQ(steps, 5U);
}

TEST_F(JournalTest, ADamagedLineIsToldWithItsPlaceAndTheOthersCount) {
    const std::size_t second = text.find('\n') + 1;
    const auto content =
        parse_journal(text.substr(0, second) + "garbage\n" + text.substr(second), "journals/first.jsonl");
    ASSERT_TRUE(content);
    ASSERT_THAT(content->damage, SizeIs(1));
    EXPECT_EQ(content->damage[0].where, "journals/first.jsonl:2");
    EXPECT_THAT(content->damage[0].fix, HasSubstr("snapshot"));
    EXPECT_THAT(content->leases.at(0).steps, SizeIs(5));
}

TEST_F(JournalTest, NoFlippedByteMakesItsReaderFail) {
    for (std::size_t position = 0; position < text.size(); ++position) {
        std::string changed = text;
        changed[position] = static_cast<char>(changed[position] ^ 0x14);
        const auto content = parse_journal(changed, "j");
        if (content) {
            for (const JournalLease& lease : content->leases) EXPECT_LE(lease.steps.size(), 5U);
        } else {
            EXPECT_EQ(content.error().code, ErrorCode::bad_record);
        }
    }
}

TEST_F(JournalTest, OpenedAgainItCutsTheTornLineAndGoesOn) {
    const std::filesystem::path folder = scratch.path() / "other";
    std::filesystem::create_directories(folder / "journals");
    std::ofstream(folder / "journals/first.jsonl", std::ios::binary) << text << R"({"kind":"no)";
    auto journal = Journal::open(folder, "first");
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->lease_count(), 1U);
    ASSERT_TRUE(journal->end(0));
    const auto content = read_journal(journal->path());
    EXPECT_THAT(content->damage, IsEmpty());
    EXPECT_TRUE(content->leases.at(0).ended);
    EXPECT_TRUE(is_finished(journal->path()));
}

TEST_F(JournalTest, IsFinishedOnlyByAWholeEnd) {
    const std::filesystem::path path = scratch.path() / "j.jsonl";
    const auto holds = [&](const std::string& content) {
        std::ofstream(path, std::ios::binary) << content;
        return is_finished(path);
    };
    EXPECT_FALSE(holds(""));
    EXPECT_FALSE(holds(text));
    EXPECT_TRUE(holds(text + "{\"kind\":\"end\",\"lease\":0}\n"));
    EXPECT_FALSE(holds(text + "{\"kind\":\"end\",\"lease\":0}"));
    EXPECT_FALSE(holds(text + "{\"kind\":\"end\",\"lease\":0}\n{\"ki"));
    EXPECT_FALSE(is_finished(scratch.path() / "absent.jsonl"));
}

TEST_F(JournalTest, ARunNameThatLeavesTheFolderIsRefused) {
    for (const char* name : {"", ".", "..", "../first", "a/b", ".hidden"}) {
        const auto journal = Journal::open(state, name);
        ASSERT_FALSE(journal) << name;
        EXPECT_EQ(journal.error().code, ErrorCode::usage);
    }
}

TEST(Steps, ReadBackAsTheyWereWritten) {
    std::vector<Step> steps = lab_steps();
    steps[1].undo = Undo::keep;
    EXPECT_EQ(*steps_from_json(to_json(steps)), steps);
    EXPECT_THAT(*steps_from_json(to_json(std::vector<Step>())), IsEmpty());
}

TEST(Steps, AStepWithoutItsPropertyIsRefusedWithItsPlace) {
    const auto steps = steps_from_json(
        R"({"format":"passbench.steps","version":1,"steps":[{"resource":"cpu","before":"a","wanted":"b","undo":"restore"}]})");
    ASSERT_FALSE(steps);
    EXPECT_THAT(steps.error().what, HasSubstr("steps[0]"));
}

TEST_F(EngineTest, AQuarantineThatCannotBeReadIsAnErrorWithItsPath) {
    std::filesystem::create_directories(state);
    std::ofstream(state / "quarantine.json") << "{";
    const auto entries = read_quarantine(state);
    ASSERT_FALSE(entries);
    EXPECT_THAT(entries.error().where, HasSubstr("quarantine.json"));
    EXPECT_FALSE(acquire()) << "nobody knows what must not be touched";
}

}  // namespace
}  // namespace passbench::tests

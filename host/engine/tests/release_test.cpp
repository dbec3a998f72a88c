// What `release` promises to whoever comes after a crash, a reboot, or somebody who helped himself.
#include <fstream>

#include <gmock/gmock.h>

#include "host/engine/journal.hpp"
#include "host/engine/tests/engine_fixture.hpp"

namespace passbench::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ReleaseTest : public EngineTest {
public:
    /// A journal as a process leaves it that is killed while it measures, and the host with all steps carried out.
    void leave_a_lease_behind() {
        const std::filesystem::path journal = state / "journals/first.jsonl";
        std::string text;
        {
            auto lease = acquire();
            ASSERT_TRUE(lease) << to_text(lease.error());
            text = *journal_text(state, order().run);
        }
        std::ofstream(journal, std::ios::binary) << text;
        host.put("vm/lab", "memory", "static");
        host.put("gpu/0", "owner", "vm/lab");
        host.put("vm/lab", "power", "running");
    }
};

TEST_F(ReleaseTest, RestoresFromTheJournalAloneAndOnlyOnce) {
    leave_a_lease_behind();
    const auto unfinished = unfinished_journals(state);
    ASSERT_THAT(unfinished->journals, SizeIs(1));
    EXPECT_EQ(unfinished->journals[0].run, "first");
    EXPECT_EQ(unfinished->journals[0].provider, "files");
    EXPECT_THAT(unfinished->journals[0].steps, SizeIs(5));

    const auto report = release_now();
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->is_clean());
    ASSERT_THAT(report->leases, SizeIs(1));
    EXPECT_EQ(*host.survey(), before);
    EXPECT_THAT(unfinished_journals(state)->journals, IsEmpty());

    const int sets = host.sets;
    const auto again = release_now();
    EXPECT_THAT(again->leases, IsEmpty());
    EXPECT_EQ(host.sets, sets);
}

TEST_F(ReleaseTest, NothingCanBeAcquiredBeforeIt) {
    leave_a_lease_behind();
    const auto refused = acquire();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::precondition);
    EXPECT_THAT(refused.error().fix, HasSubstr("passbench release"));
    ASSERT_TRUE(release_now()->is_clean());
    EXPECT_TRUE(acquire());
}

TEST_F(ReleaseTest, ALeaseWithoutStepsLeavesNothingToRelease) {
    const std::filesystem::path journal = state / "journals/first.jsonl";
    std::string text;
    {
        auto lease = Lease::acquire(host, {}, order());
        text = *journal_text(state, order().run);
    }
    std::ofstream(journal, std::ios::binary) << text;
    EXPECT_THAT(unfinished_journals(state)->journals, IsEmpty());
    EXPECT_TRUE(acquire()) << "a run that was killed while it changed nothing can be resumed at once";
}

TEST_F(ReleaseTest, WithNothingLeftItNeitherSurveysNorWaits) {
    const int surveys = host.surveys;
    EXPECT_TRUE(release_now()->is_clean());
    EXPECT_EQ(host.surveys, surveys);
    EXPECT_EQ(host.now_ns(), 0);
}

TEST_F(ReleaseTest, WithNothingLeftItWritesNothingSoWhoMayOnlyReadHearsIt) {
    std::filesystem::create_directories(state);
    ASSERT_TRUE(release_now());
    EXPECT_TRUE(std::filesystem::is_empty(state));
}

TEST_F(ReleaseTest, WaitsUntilTwoSurveysTenSecondsApartAgree) {
    leave_a_lease_behind();
    const std::int64_t began = host.now_ns();
    ASSERT_TRUE(release_now()->is_clean());
    EXPECT_GE(host.now_ns() - began, 20'000'000'000) << "before it sets anything, and after";
}

TEST_F(ReleaseTest, WaitsForTheHostsOwnJobs) {
    leave_a_lease_behind();
    // The call that began this ended with its process; the host still does it.
    host.put("vm/lab", "memory", "dynamic");
    host.behave("vm/lab", "memory", "static", Behaviour::late);
    ASSERT_TRUE(host.set("vm/lab", "memory", "static"));
    ASSERT_TRUE(release_now()->is_clean());
    host.clock().sleep(100'000'000'000);
    EXPECT_EQ(*host.survey(), before);
}

TEST_F(ReleaseTest, AHostThatNeverRestsIsPutBackButStaysUnfinished) {
    leave_a_lease_behind();
    int number = 0;
    FilesHost restless = host;
    const auto count_up = [&](const std::string&) -> Result<std::unique_ptr<Resources>> {
        class Restless : public Resources {
        public:
            Restless(FilesHost& inner, int& count) : inner_(inner), count_(count) {}
            Result<HostFacts> survey() override {
                auto facts = inner_.survey();
                (*facts)["host"]["uptime"] = static_cast<std::int64_t>(++count_);
                return facts;
            }
            EngineClock clock() const override { return inner_.clock(); }
            Result<void> set(const std::string& resource, const std::string& property,
                             const std::string& value) override {
                return inner_.set(resource, property, value);
            }

        private:
            FilesHost& inner_;
            int& count_;
        };
        return std::make_unique<Restless>(restless, number);
    };
    const auto report = release(state, count_up);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->is_clean());
    ASSERT_THAT(report->leases, SizeIs(1));
    EXPECT_THAT(to_text(report->leases[0].restoration.errors.at(0)), HasSubstr("uptime"));
    EXPECT_EQ(*host.survey(), before);
    EXPECT_THAT(unfinished_journals(state)->journals, SizeIs(1));
    EXPECT_TRUE(release_now()->is_clean());
}

TEST_F(ReleaseTest, AValueThatSomebodyElseSetSinceIsLeftAloneAndTold) {
    leave_a_lease_behind();
    host.put("vm/lab", "memory", "8 GiB");
    const auto report = release_now();
    ASSERT_TRUE(report);
    EXPECT_EQ(host.get("vm/lab", "memory"), "8 GiB");
    EXPECT_EQ(host.get("gpu/0", "owner"), "host");
    EXPECT_FALSE(report->is_clean());
    const Restoration& restoration = report->leases.at(0).restoration;
    ASSERT_THAT(restoration.differences, SizeIs(1));
    EXPECT_EQ(restoration.steps.at(3).end, StepEnd::left);
    EXPECT_THAT(unfinished_journals(state)->journals, IsEmpty()) << "told once, it is theirs";
}

TEST_F(ReleaseTest, AfterARebootThatPutEverythingBackNothingIsSet) {
    leave_a_lease_behind();
    put_lab_machine(host);
    const int sets = host.sets;
    const auto report = release_now();
    EXPECT_TRUE(report->is_clean());
    EXPECT_EQ(host.sets, sets);
    for (const RestoredStep& step : report->leases.at(0).restoration.steps) {
        EXPECT_NE(step.end, StepEnd::left) << to_text(step);
    }
}

TEST_F(ReleaseTest, AResourceThatIsGoneIsQuarantinedByName) {
    leave_a_lease_behind();
    host.remove("gpu/0", "owner");
    host.guard = [](const FilesHost&, const std::string& resource, const std::string&) -> Result<void> {
        if (resource != "gpu/0") return {};
        return fail({.code = ErrorCode::device_lost,
                     .what = "there is no such device",
                     .where = "gpu/0",
                     .fix = "Plug it in."});
    };
    const auto report = release_now();
    ASSERT_TRUE(report);
    ASSERT_THAT(report->quarantined, SizeIs(1));
    EXPECT_EQ(report->quarantined[0].resource, "gpu/0");
    EXPECT_EQ(report->quarantined[0].before, "host");
    EXPECT_THAT(report->quarantined[0].why, HasSubstr("no such device"));
}

TEST_F(ReleaseTest, QuarantineIsShownUntilTheValueIsBack) {
    leave_a_lease_behind();
    host.behave("vm/lab", "memory", "dynamic", Behaviour::failing);
    EXPECT_THAT(release_now()->quarantined, SizeIs(1));
    EXPECT_THAT(release_now()->quarantined, SizeIs(1)) << "shown again";
    EXPECT_FALSE(release_now()->is_clean());

    host.behave("vm/lab", "memory", "dynamic", Behaviour::honest);
    const auto report = release_now();
    EXPECT_THAT(report->back, SizeIs(1));
    EXPECT_TRUE(report->is_clean());
    EXPECT_EQ(*host.survey(), before);
    EXPECT_THAT(quarantine(), IsEmpty());
}

TEST_F(ReleaseTest, AQuarantinedValueThatAPersonSetOtherwiseIsNotTouched) {
    leave_a_lease_behind();
    host.behave("vm/lab", "memory", "dynamic", Behaviour::failing);
    EXPECT_THAT(release_now()->quarantined, SizeIs(1));
    host.behave("vm/lab", "memory", "dynamic", Behaviour::honest);
    host.put("vm/lab", "memory", "8 GiB");
    EXPECT_THAT(release_now()->quarantined, SizeIs(1));
    EXPECT_EQ(host.get("vm/lab", "memory"), "8 GiB");
    ASSERT_TRUE(clear_quarantine(state, "vm/lab", "memory"));
    EXPECT_TRUE(release_now()->is_clean());
}

TEST_F(ReleaseTest, AnUnknownProviderIsToldAndTheJournalStaysOpen) {
    leave_a_lease_behind();
    const auto report = release(state, [](const std::string& name) -> Result<std::unique_ptr<Resources>> {
        return fail({.code = ErrorCode::usage,
                     .what = "no provider '" + name + "'",
                     .where = "",
                     .fix = "Use a newer passbench."});
    });
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->is_clean());
    EXPECT_THAT(report->errors, SizeIs(1));
    EXPECT_THAT(unfinished_journals(state)->journals, SizeIs(1));
}

TEST_F(ReleaseTest, AJournalOfANewerVersionIsRefusedAndBlocksNewLeases) {
    std::filesystem::create_directories(state / "journals");
    std::ofstream(state / "journals/later.jsonl")
        << R"({"format":"passbench.journal","version":2,"kind":"begin","lease":0})" << '\n';
    const auto report = release_now();
    ASSERT_THAT(report->errors, SizeIs(1));
    EXPECT_THAT(to_text(report->errors[0]), HasSubstr("version 2"));
    const auto refused = acquire();
    ASSERT_FALSE(refused);
    EXPECT_THAT(to_text(refused.error()), HasSubstr("later.jsonl:1"));
}

}  // namespace
}  // namespace passbench::tests

// What a lease promises while its process lives: all steps or none, in reverse at the end, and every trouble told.
#include <cerrno>
#include <optional>

#include <gmock/gmock.h>

#include "host/engine/host_lock.hpp"
#include "host/engine/journal.hpp"
#include "host/engine/set_and_observe.hpp"
#include "host/engine/tests/engine_fixture.hpp"

namespace passbench::tests {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class LeaseTest : public EngineTest {
protected:
    void expect_untouched() {
        EXPECT_EQ(*host.survey(), before);
        EXPECT_THAT(quarantine(), IsEmpty());
        EXPECT_THAT(unfinished_journals(state)->journals, IsEmpty());
    }
};

TEST_F(LeaseTest, CarriesAllStepsOutAndPutsTheHostBack) {
    auto lease = acquire();
    ASSERT_TRUE(lease) << to_text(lease.error());
    EXPECT_EQ(host.get("gpu/0", "owner"), "vm/lab");
    EXPECT_EQ(host.get("vm/lab", "memory"), "static");
    EXPECT_EQ(host.get("vm/lab", "power"), "running");
    EXPECT_EQ(lease->snapshot(), before);

    const Restoration restoration = lease->restore();
    EXPECT_TRUE(restoration.host_equals_snapshot());
    EXPECT_THAT(restoration.errors, IsEmpty());
    ASSERT_THAT(restoration.steps, SizeIs(5));
    EXPECT_EQ(restoration.steps.front().step, lab_steps().back()) << "the last step is restored first";
    expect_untouched();
}

TEST_F(LeaseTest, APropertyThatPassedThroughItsOldValueIsRestoredStepByStep) {
    // The VM is off, on, off and on again: the GPU can be given back only because each step is undone in its turn.
    auto lease = acquire();
    ASSERT_TRUE(lease);
    for (const RestoredStep& step : lease->restore().steps) EXPECT_EQ(step.end, StepEnd::restored) << to_text(step);
}

TEST_F(LeaseTest, WaitsForASetThatShowsLate) {
    host.behave("vm/lab", "power", "off", Behaviour::late);
    auto lease = acquire();
    ASSERT_TRUE(lease) << to_text(lease.error());
    EXPECT_GE(host.now_ns(), 30'000'000'000);
    EXPECT_TRUE(lease->restore().host_equals_snapshot());
    expect_untouched();
}

TEST_F(LeaseTest, TellsWhatEachStepTookInTheTimeOfTheHost) {
    host.behave("vm/lab", "power", "off", Behaviour::late);
    auto lease = acquire();
    ASSERT_TRUE(lease) << to_text(lease.error());
    ASSERT_THAT(lease->step_times(), SizeIs(lab_steps().size()));
    for (const StepTime& time : lease->step_times()) {
        const bool is_late = time.step.property == "power" && time.step.wanted == "off";
        EXPECT_EQ(time.spent_ns >= 30'000'000'000, is_late) << time.step.resource << " " << time.step.property;
    }
    for (const RestoredStep& step : lease->restore().steps) {
        const bool is_late = step.step.property == "power" && step.step.before == "off";
        EXPECT_EQ(step.spent_ns >= 30'000'000'000, is_late) << to_text(step);
    }
}

TEST_F(LeaseTest, RestoresWhereNobodyCalledRestore) {
    { auto lease = acquire(); }
    expect_untouched();
}

TEST_F(LeaseTest, AMovedLeaseIsRestoredOnce) {
    std::optional<Lease> kept;
    {
        auto lease = acquire();
        kept.emplace(*std::move(lease));
    }
    EXPECT_EQ(host.get("gpu/0", "owner"), "vm/lab");
    EXPECT_TRUE(kept->restore().host_equals_snapshot());
}

TEST_F(LeaseTest, WithoutStepsNothingIsSetAndNothingIsWaitedFor) {
    auto lease = Lease::acquire(host, {}, order());
    ASSERT_TRUE(lease);
    EXPECT_TRUE(lease->restore().host_equals_snapshot());
    EXPECT_EQ(host.sets, 0);
    EXPECT_EQ(host.now_ns(), 0);
}

TEST_F(LeaseTest, ManyLeasesOfARunShareOneJournalThatIsThereForItsRecords) {
    for (int block = 0; block < 3; ++block) {
        auto lease = acquire();
        ASSERT_TRUE(lease);
        EXPECT_TRUE(lease->restore().host_equals_snapshot());
    }
    auto lease = acquire();
    const std::string text = *journal_text(state, order().run);
    const auto content = parse_journal(text, "journal");
    ASSERT_TRUE(content);
    EXPECT_THAT(content->leases, SizeIs(4));
    EXPECT_THAT(*journals(state), SizeIs(1));
}

/// A set that goes wrong in one of several ways, at each of the steps.
class BadSet : public LeaseTest, public testing::WithParamInterface<std::tuple<Behaviour, std::size_t>> {};

TEST_P(BadSet, IsAnErrorAndWhatWasDoneBeforeIsUndone) {
    const auto& [behaviour, index] = GetParam();
    const Step step = lab_steps()[index];
    // Only the way there goes wrong: the last step sets what the first one's restoring sets, too.
    if (index == 4) host.put("vm/lab", "power", "running");
    host.behave(step.resource, step.property, step.wanted, behaviour);
    auto lease = acquire();
    ASSERT_FALSE(lease);
    EXPECT_THAT(to_text(lease.error()), HasSubstr(step.property));
    EXPECT_THAT(to_text(lease.error()), HasSubstr("all is undone"));
    expect_untouched();
}

INSTANTIATE_TEST_SUITE_P(Engine, BadSet,
                         testing::Combine(testing::Values(Behaviour::failing, Behaviour::half_failing, Behaviour::lying,
                                                          Behaviour::lying_half),
                                          testing::Values(0U, 1U, 2U, 3U)));

TEST_F(LeaseTest, ASetThatShowsOnlyAfterItWasGivenUpIsUndoneAllTheSame) {
    host.behave("vm/lab", "power", "off", Behaviour::late);
    LeaseOrder impatient = order();
    impatient.times.observe_deadline_ns = 20'000'000'000;  // the value is there after 30 s
    auto lease = Lease::acquire(host, lab_steps(), impatient);
    ASSERT_FALSE(lease);
    EXPECT_EQ(lease.error().code, ErrorCode::timeout);
    expect_untouched();
    host.clock().sleep(100'000'000'000);
    expect_untouched();
}

TEST_F(LeaseTest, WhatCannotBePutBackIsQuarantinedByNameAndTheRestIsPutBack) {
    host.behave("vm/lab", "memory", "dynamic", Behaviour::lying);
    auto lease = acquire();
    ASSERT_TRUE(lease);
    const Restoration restoration = lease->restore();
    EXPECT_FALSE(restoration.host_equals_snapshot());
    ASSERT_THAT(restoration.differences, SizeIs(1));
    EXPECT_EQ(restoration.differences[0].property, "memory");
    EXPECT_EQ(restoration.differences[0].before, "dynamic");
    EXPECT_EQ(restoration.differences[0].now, "static");
    EXPECT_THAT(restoration.errors, Not(IsEmpty()));
    EXPECT_EQ(host.get("gpu/0", "owner"), "host");
    EXPECT_EQ(host.get("vm/lab", "power"), "running");

    ASSERT_THAT(quarantine(), SizeIs(1));
    EXPECT_EQ(quarantine()[0].resource, "vm/lab");
    EXPECT_EQ(quarantine()[0].property, "memory");
    EXPECT_EQ(quarantine()[0].before, "dynamic");
    EXPECT_EQ(quarantine()[0].run, "first");
}

TEST_F(LeaseTest, AQuarantinedResourceIsNotTouchedUntilItIsCleared) {
    ASSERT_TRUE(put_in_quarantine(state, {.resource = "gpu/0",
                                          .property = "owner",
                                          .before = "host",
                                          .wanted = "vm/lab",
                                          .observed = "dismounted",
                                          .provider = "files",
                                          .run = "earlier",
                                          .since = "2026-01-15T09:30:00.000Z",
                                          .why = "the host refused"}));
    const auto refused = acquire();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::quarantined);
    EXPECT_THAT(to_text(refused.error()), HasSubstr("gpu/0"));
    EXPECT_EQ(host.sets, 0);

    const std::vector<Step> others = {lab_steps()[1]};
    EXPECT_TRUE(Lease::acquire(host, others, order())) << "what is not in quarantine can be used";
    ASSERT_TRUE(clear_quarantine(state, "gpu/0", "owner"));
    EXPECT_TRUE(acquire());
}

TEST_F(LeaseTest, LeavesAloneAndTellsWhatSomebodyElseChangedMeanwhile) {
    auto lease = acquire();
    ASSERT_TRUE(lease);
    host.put("vm/lab", "memory", "8 GiB");
    const Restoration restoration = lease->restore();
    EXPECT_EQ(host.get("vm/lab", "memory"), "8 GiB");
    EXPECT_EQ(host.get("gpu/0", "owner"), "host");
    EXPECT_FALSE(restoration.host_equals_snapshot());
    EXPECT_THAT(quarantine(), IsEmpty());
    ASSERT_THAT(restoration.steps, SizeIs(5));
    EXPECT_EQ(restoration.steps[3].end, StepEnd::left);
    EXPECT_THAT(to_text(restoration.steps[3]), HasSubstr("somebody else has set it to '8 GiB'"));
    EXPECT_TRUE(Lease::acquire(host, {}, order())) << "told once, it is no longer ours";
}

TEST_F(LeaseTest, APropertyThatNoStepTouchedIsPartOfTheComparison) {
    auto lease = acquire();
    host.put("host", "name", "lab 2");
    const Restoration restoration = lease->restore();
    ASSERT_THAT(restoration.differences, SizeIs(1));
    EXPECT_EQ(restoration.differences[0].now, "lab 2");
}

TEST_F(LeaseTest, RefusesStepsThatWereMadeForAnotherState) {
    host.put("vm/lab", "memory", "4 GiB");
    before = *host.survey();
    const auto lease = acquire();
    ASSERT_FALSE(lease);
    EXPECT_EQ(lease.error().code, ErrorCode::precondition);
    EXPECT_THAT(to_text(lease.error()), HasSubstr("4 GiB"));
    expect_untouched();
}

TEST_F(LeaseTest, AStepForGoodNeedsConsentAndIsLeftOutOfTheComparison) {
    std::vector<Step> steps = lab_steps();
    steps[1].undo = Undo::keep;
    const auto refused = Lease::acquire(host, steps, order());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::consent);
    EXPECT_EQ(host.sets, 0);

    LeaseOrder consenting = order();
    consenting.consents = {"vm/lab memory"};
    auto lease = Lease::acquire(host, steps, consenting);
    ASSERT_TRUE(lease) << to_text(lease.error());
    const Restoration restoration = lease->restore();
    EXPECT_TRUE(restoration.host_equals_snapshot());
    EXPECT_EQ(restoration.steps[3].end, StepEnd::kept);
    const auto journal = parse_journal(*journal_text(state, order().run), "journal");
    ASSERT_TRUE(journal);
    EXPECT_EQ(kept_changes(*journal), (std::vector<std::string>{"vm/lab memory = static"}));
    EXPECT_EQ(host.get("vm/lab", "memory"), "static");
    EXPECT_EQ(host.get("vm/lab", "power"), "running");
}

TEST_F(LeaseTest, WhatAnEarlierLeaseMadeForGoodIsNotMadeAgain) {
    auto steps = lab_steps();
    steps[1].undo = Undo::keep;
    LeaseOrder agreed = order();
    agreed.consents = {steps[1].resource + " " + steps[1].property};
    for (int block = 0; block < 2; ++block) {
        auto lease = Lease::acquire(host, steps, agreed);
        ASSERT_TRUE(lease) << to_text(lease.error());
        EXPECT_TRUE(lease->restore().host_equals_snapshot());
    }
    EXPECT_EQ(observed_value(*host.survey(), steps[1].resource, steps[1].property), steps[1].wanted);
}

TEST(HostDifferences, WhatAThingMadeForGoodBringsWithItIsNone) {
    const HostFacts before = {{"eflow", {{"deployment", std::string("none")}, {"name", std::string("a")}}}};
    const HostFacts now = {
        {"eflow",
         {{"deployment", std::string("deployed")}, {"name", std::string("b")}, {"power", std::string("off")}}}};
    const Step made{
        .resource = "eflow", .property = "deployment", .before = "none", .wanted = "deployed", .undo = Undo::keep};
    const auto left = host_differences(before, now, {{.step = made}});
    ASSERT_EQ(left.size(), 1U) << "what was there before is compared all the same";
    EXPECT_EQ(left.front().property, "name");
    EXPECT_EQ(host_differences(before, now, {}).size(), 3U);
}

TEST_F(LeaseTest, AValueThatCannotBeWrittenDownIsNotSet) {
    const std::vector<Step> steps = {
        {.resource = "host", .property = "name", .before = host.get("host", "name"), .wanted = "\xff\xfe"}};
    const auto lease = Lease::acquire(host, steps, order());
    ASSERT_FALSE(lease);
    EXPECT_EQ(host.sets, 0);
}

TEST_F(LeaseTest, EverySetHasItsIntentOnTheDiskBefore) {
    bool is_synced = true;
    int lines = 0;
    set_store_observer([&](StoreOperation operation, const std::filesystem::path& path, bool after) {
        if (!after || path.extension() != ".jsonl") return 0;
        if (operation == StoreOperation::write) is_synced = false;
        if (operation == StoreOperation::write) ++lines;
        if (operation == StoreOperation::sync) is_synced = true;
        return 0;
    });
    int lines_at_last_set = 0;
    int moments = 0;
    host.at_moment = [&] {
        EXPECT_TRUE(is_synced) << "a line of the journal is not on the disk while the host is changed";
        if (moments++ % 3 == 0) {
            EXPECT_GT(lines, lines_at_last_set) << "no new line before this set";
            lines_at_last_set = lines;
        }
    };
    auto lease = acquire();
    ASSERT_TRUE(lease);
    EXPECT_TRUE(lease->restore().host_equals_snapshot());
    EXPECT_EQ(moments, 3 * 10) << "five steps, there and back";
}

TEST_F(LeaseTest, ASecondControllerIsToldWhoHoldsTheHost) {
    auto lease = acquire();
    ASSERT_TRUE(lease);
    LeaseOrder other = order();
    other.run = "second";
    const auto refused = Lease::acquire(host, {}, other);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::busy);
    EXPECT_THAT(refused.error().what, HasSubstr("process " + std::to_string(::getpid()) + ": run first"));
    EXPECT_EQ(release_now().error().code, ErrorCode::busy);
    EXPECT_THAT(lock_holder(state).value_or(""), HasSubstr("run first"));

    EXPECT_TRUE(lease->restore().host_equals_snapshot());
    EXPECT_EQ(lock_holder(state), std::nullopt);
    EXPECT_TRUE(Lease::acquire(host, {}, other));
}

/// The disk is full from one write of the journal on.
class DiskFull : public LeaseTest, public testing::WithParamInterface<int> {};

TEST_P(DiskFull, NoStepIsTakenWhoseIntentIsNotWrittenAndTheHostIsPutBack) {
    int writes_left = GetParam();
    set_store_observer([&](StoreOperation operation, const std::filesystem::path& path, bool after) {
        if (after || operation != StoreOperation::write || path.extension() != ".jsonl") return 0;
        return writes_left-- > 0 ? 0 : ENOSPC;
    });
    {
        auto lease = acquire();
        if (lease) {
            EXPECT_TRUE(lease->restore().host_equals_snapshot());
        } else {
            EXPECT_EQ(lease.error().code, ErrorCode::io);
        }
        // The begin, and an intent and a done for each step.
        EXPECT_EQ(lease.has_value(), GetParam() >= 11);
        if (GetParam() <= 1) {
            EXPECT_EQ(host.sets, 0) << "no intent, no act";
        }
    }
    EXPECT_EQ(*host.survey(), before);

    set_store_observer({});
    const auto report = release_now();
    ASSERT_TRUE(report) << to_text(report.error());
    EXPECT_TRUE(report->is_clean());
    expect_untouched();
}

INSTANTIATE_TEST_SUITE_P(Engine, DiskFull, testing::Range(0, 23));

TEST_F(LeaseTest, ALineThatWasWrittenHalfIsCutOffAgain) {
    auto journal = Journal::open(state, "first");
    ASSERT_TRUE(journal->begin("files", before));
    const std::string whole = *read_file(journal->path(), 1 << 20);
    // The write succeeds and is reported as failed: the line is there, and must not be.
    set_store_observer([](StoreOperation operation, const std::filesystem::path&, bool after) {
        return after && operation == StoreOperation::write ? EIO : 0;
    });
    EXPECT_FALSE(journal->intent(0, 0, lab_steps()[0]));
    set_store_observer({});
    EXPECT_EQ(*read_file(journal->path(), 1 << 20), whole);
}

TEST_F(LeaseTest, ALineThatCouldNotBeCutOffStandsAlone) {
    auto journal = Journal::open(state, "first");
    ASSERT_TRUE(journal->begin("files", before));
    set_store_observer([](StoreOperation operation, const std::filesystem::path&, bool after) {
        if (operation == StoreOperation::truncate) return EIO;
        return after && operation == StoreOperation::write ? EIO : 0;
    });
    EXPECT_FALSE(journal->intent(0, 0, lab_steps()[0]));
    set_store_observer({});
    ASSERT_TRUE(journal->end(0));
    const auto content = read_journal(journal->path());
    EXPECT_TRUE(content->leases.at(0).ended);
}

}  // namespace
}  // namespace passbench::tests

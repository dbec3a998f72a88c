// The table of methods as a whole: what holds of every cell, and what more than one fact decides.
#include "host/survey/methods.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/survey/host_keys.hpp"
#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// Facts as a broken survey might have them: each is left out, or has a value of another kind, by a sequence of bits.
HostFacts damaged(HostFacts facts, std::uint64_t seed) {
    std::uint64_t bits = seed;
    const auto next = [&bits] {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        return bits;
    };
    for (auto& [resource, each] : facts) {
        for (auto fact = each.begin(); fact != each.end();) {
            const auto choice = next() % 8;
            if (choice == 0 && fact->first != host_key::build) {
                fact = each.erase(fact);
                continue;
            }
            if (choice == 1 && fact->first != host_key::build) fact->second = static_cast<std::int64_t>(next());
            if (choice == 2 && fact->first != host_key::build) fact->second = next() % 2 == 0;
            if (choice == 3 && fact->first != host_key::build) fact->second = std::string("1.x.-7..");
            ++fact;
        }
    }
    return facts;
}

TEST(Table, OfAnyDamagedSurveyHasReasonsSourcesAndFixes) {
    const auto names = fixture_names();
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        const auto facts = damaged(fixture(names[seed % names.size()]), seed * 0x9E3779B97F4A7C15U);
        for (const auto& row : method_table(facts, test_day)) {
            ASSERT_EQ(row.cells.size(), all_methods.size());
            for (const auto& cell : row.cells) {
                Possibility worst = Possibility::possible;
                ASSERT_FALSE(cell.reasons.empty()) << seed << " " << to_string(cell.method);
                for (const auto& reason : cell.reasons) {
                    worst = std::max(worst, reason.word);
                    EXPECT_FALSE(reason.source.empty() || reason.facts.empty() || reason.what.empty()) << reason.rule;
                    EXPECT_EQ(reason.fix.empty(), reason.word == Possibility::possible) << reason.rule;
                }
                EXPECT_EQ(cell.word, worst) << seed << " " << to_string(cell.method);
            }
        }
    }
}

TEST(Table, IsEmptyForAHostThatIsNotWindows) {
    EXPECT_TRUE(method_table({}, test_day).empty());
    EXPECT_TRUE(method_table({{"gpu/0", {{"name", std::string("T4")}}}}, test_day).empty());
    EXPECT_FALSE(is_windows({{"cpu", {{"governor", std::string("powersave")}}}}));
}

TEST(Table, KeepsAReleasedServer2022FreeOfThePolicy) {
    auto facts = fixture("server-2025-policy");
    facts["host"]["os.build"] = std::int64_t{20348};
    EXPECT_THAT(rules_against(cell_of_first_card(facts, Method::gpupv)), IsEmpty());
    facts["host"]["os.build"] = std::int64_t{25398};
    EXPECT_THAT(rules_against(cell_of_first_card(facts, Method::gpupv)), ElementsAre("gpupv.policy"));
}

TEST(Table, TakesALoweredHighMmioBaseOfAVirtualMachine) {
    auto facts = fixture("server-2022-36-bit-addresses");
    facts["vm/linux-gpu"]["high_mmio_base_bytes"] = std::int64_t{16} << 30;
    EXPECT_FALSE(cell_of_first_card(facts, Method::dda).has("dda.mmio"));
    EXPECT_FALSE(cell_of_first_card(facts, Method::gpupv).has("gpupv.mmio"));
}

TEST(Table, NamesTheWholeTextOfSurveyDda) {
    const auto cell = cell_of_first_card(fixture("server-2022-firmware-kept-pcie"), Method::dda);
    const auto reason = std::ranges::find(cell.reasons, "dda.survey", &MethodReason::rule);
    ASSERT_NE(reason, cell.reasons.end());
    EXPECT_THAT(reason->what, StartsWith("BIOS kept control of PCI Express for this device."));
}

}  // namespace
}  // namespace passbench

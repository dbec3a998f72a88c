#include "host/survey/eflow_tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/survey/tests/support.hpp"

namespace passbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EflowVersion, ComparesNumbersNotLetters) {
    EXPECT_LT(EflowVersion("1.4.1.13112"), EflowVersion("1.10"));
    EXPECT_EQ(EflowVersion("1.3.1.02092"), (EflowVersion{1, 3, 1, 2092}));
    EXPECT_LT(EflowVersion("1.5"), EflowVersion("1.5.0"));
    EXPECT_EQ(EflowVersion(""), EflowVersion({}));
    EXPECT_EQ(EflowVersion("x..7"), (EflowVersion{0, 0, 7}));
}

TEST(EflowTable, IsTheOneOfTheVersion) {
    EXPECT_EQ(eflow_table_of(EflowVersion("1.1.2106.0")).name, "June 2021");
    EXPECT_EQ(eflow_table_of(EflowVersion("1.2.0")).name, "June 2025");
    EXPECT_EQ(eflow_table_of(EflowVersion("1.5.7.1")).name, "June 2025");
    EXPECT_EQ(eflow_table_of(std::nullopt).name, "June 2025");
}

using Build = std::int64_t;

/// The rules against a method of EFLOW for a fixture's card, on another Windows and another EFLOW.
std::vector<std::string> on(std::string name, Method method, Build build, const std::string& eflow) {
    auto facts = fixture(name);
    facts["host"]["os.build"] = build;
    facts["host"]["eflow.version"] = eflow;
    facts["host"]["wsl.version"] = std::string("2.1.5");
    facts["host"]["feature.vm_platform"] = true;
    facts[first_card(facts)]["driver.mitigation"] = true;
    auto rules = rules_against(cell_of_first_card(facts, method));
    std::erase(rules, "device.only_display");
    return rules;
}

constexpr std::string_view preview = "1.1.2106.0";
constexpr std::string_view current = "1.5.7.1";

TEST(EflowTableOf2021, HasT4OnServerFrom17763AndOnClientsFrom21318) {
    const std::string v(preview);
    EXPECT_THAT(on("server-2019-t4", Method::eflow_dda, 17763, v), IsEmpty());
    EXPECT_THAT(on("server-2019-t4", Method::eflow_dda, 17762, v), ElementsAre("eflow.table"));
    EXPECT_THAT(on("server-2019-t4", Method::eflow_dda, 20348, v), IsEmpty()) << "17763 or later";
    EXPECT_THAT(on("windows-11-t4-eflow", Method::eflow_dda, 21318, v), IsEmpty());
    EXPECT_THAT(on("windows-11-t4-eflow", Method::eflow_dda, 21317, v), ElementsAre("eflow.table"));
    EXPECT_THAT(on("server-2022-a2-mitigated", Method::eflow_dda, 20348, v), ElementsAre("eflow.table"))
        << "no A2 then";
}

TEST(EflowTableOf2021, HasGeforceOnClientsFrom20145AndNoRtx) {
    const std::string v(preview);
    EXPECT_THAT(on("windows-10-rtx-2070", Method::eflow_gpupv, 20145, v), IsEmpty());
    EXPECT_THAT(on("windows-10-rtx-2070", Method::eflow_gpupv, 20144, v), ElementsAre("eflow.table"));
    auto facts = fixture("windows-10-rtx-2070");
    facts["host"]["os.build"] = Build{22000};
    facts["host"]["eflow.version"] = v;
    facts[first_card(facts)]["device_id"] = std::string("2531");
    EXPECT_THAT(rules_against(cell_of_first_card(facts, Method::eflow_gpupv)), ElementsAre("eflow.table"));
}

TEST(NewestEflowTable, HasT4AndA2OnServer2019And2022AndOnClients) {
    const std::string v(current);
    EXPECT_THAT(on("server-2019-t4", Method::eflow_dda, 17763, v), IsEmpty());
    EXPECT_THAT(on("server-2019-t4", Method::eflow_dda, 20348, v), IsEmpty());
    EXPECT_THAT(on("server-2019-t4", Method::eflow_dda, 26100, v), ElementsAre("eflow.table"));
    EXPECT_THAT(on("server-2022-a2-mitigated", Method::eflow_dda, 20348, v), IsEmpty());
    EXPECT_THAT(on("windows-11-t4-eflow", Method::eflow_dda, 22000, v), IsEmpty());
    EXPECT_THAT(on("windows-11-t4-eflow", Method::eflow_dda, 19043, v), ElementsAre("eflow.table"));
}

TEST(NewestEflowTable, HasRtxBesideGeforceAndQuadro) {
    for (const auto* device : {"1f02", "1eb1", "2531"}) {
        auto facts = fixture("windows-10-rtx-2070");
        facts["host"]["eflow.version"] = std::string(current);
        facts["host"]["wsl.version"] = std::string("2.1.5");
        facts[first_card(facts)]["device_id"] = std::string(device);
        EXPECT_THAT(rules_against(cell_of_first_card(facts, Method::eflow_gpupv)), IsEmpty()) << device;
    }
}

TEST(EflowRelease, PassesAnA2ThroughOnClientsFrom131On) {
    auto facts = fixture("windows-11-t4-eflow");
    auto& gpu = facts[first_card(facts)];
    gpu["device_id"] = std::string("25b6");
    gpu["subsystem_id"] = std::string("157e10de");
    gpu["driver.mitigation"] = true;
    facts["host"]["eflow.version"] = std::string("1.2.0.1");
    EXPECT_THAT(rules_against(cell_of_first_card(facts, Method::eflow_dda)), ElementsAre("eflow.release"));
    facts["host"]["eflow.version"] = std::string("1.4.1.1");
    EXPECT_THAT(rules_against(cell_of_first_card(facts, Method::eflow_dda)), IsEmpty());
}

TEST(EflowSupport, EndsTheDayAfterItsLast) {
    using std::chrono::November;
    using std::chrono::year;
    using std::chrono::year_month_day;
    EXPECT_EQ(eflow_supported_until(EflowVersion("1.1.2106.0")), year{2024} / November / 12);
    EXPECT_EQ(eflow_supported_until(EflowVersion("1.4.1.13112")), year{2024} / November / 12);
    EXPECT_EQ(eflow_supported_until(EflowVersion("1.5.7.1")), year{2026} / November / 10);
    EXPECT_EQ(eflow_supported_until(EflowVersion("1.6.0")), std::nullopt);
    const auto facts = fixture("windows-11-t4-eflow");
    const auto cell_on = [&](year_month_day day) { return method_table(facts, day).front().cell(Method::eflow_dda); };
    EXPECT_FALSE(cell_on(year{2026} / November / 10).has("eflow.support_ended"));
    EXPECT_TRUE(cell_on(year{2026} / November / 11).has("eflow.support_ended"));
}

}  // namespace
}  // namespace passbench

// All 65 failures of the catalogue: each is planted and recognised, by the sign that the facts give it and by nothing else, or said to
// be one that cannot be planted.
#include "host/signs/catalogue.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/findings.hpp"
#include "host/signs/detect.hpp"
#include "host/signs/tests/planted_signs.hpp"

namespace passbench {
namespace {

std::vector<std::string> names(const std::vector<Detection>& detections) {
    std::vector<std::string> all;
    all.reserve(detections.size());
    for (const Detection& each : detections) all.push_back(each.finding);
    return all;
}

std::vector<std::string> expected(const PlantedSign& sign) {
    return sign.expects.empty() ? std::vector<std::string>() : std::vector<std::string>{sign.expects};
}

/// The rows whose signs are not recognised as they should be.
std::set<std::string> red_rows(const std::vector<PlantedSign>& signs, std::span<const Rule> by) {
    std::set<std::string> red;
    for (const PlantedSign& sign : signs) {
        if (names(detect(sign.symptoms, by)) != expected(sign)) red.insert(sign.row);
    }
    return red;
}

TEST(FailureCatalogue, HasTheSixtyFiveFailuresOfTheFactsInTheirOrder) {
    std::vector<std::string> numbers;
    for (int number = 1; number <= 17; ++number) numbers.push_back("E" + std::to_string(number));
    for (int number = 1; number <= 18; ++number) numbers.push_back("D" + std::to_string(number));
    for (int number = 1; number <= 30; ++number) numbers.push_back("P" + std::to_string(number));
    ASSERT_EQ(numbers.size(), 65U);
    std::vector<std::string> rows;
    for (const CatalogueRow& row : failure_catalogue()) rows.emplace_back(row.number);
    EXPECT_EQ(rows, numbers);
}

TEST(FailureCatalogue, NamesAFindingOfItsOwnForEachFailure) {
    std::set<std::string_view> used;
    for (const CatalogueRow& row : failure_catalogue()) {
        EXPECT_NE(find_finding(row.finding), nullptr) << row.number;
        EXPECT_TRUE(used.insert(row.finding).second) << row.number << " shares " << row.finding;
        EXPECT_EQ(find_catalogue_row(row.finding), &row);
        EXPECT_FALSE(row.source.empty()) << row.number;
    }
    EXPECT_EQ(find_catalogue_row(unknown_finding), nullptr);
}

TEST(FailureCatalogue, IsPlantedWholeButForWhatSaysWhyItCannotBe) {
    std::set<std::string> planted;
    for (const PlantedSign& sign : planted_signs()) planted.insert(sign.row);
    std::size_t not_plantable = 0;
    for (const CatalogueRow& row : failure_catalogue()) {
        EXPECT_EQ(planted.count(std::string(row.number)), row.not_plantable.empty() ? 1U : 0U) << row.number;
        const auto is_of_row = [&](const Rule& rule) { return rule.row == row.number; };
        EXPECT_EQ(std::any_of(rules().begin(), rules().end(), is_of_row), row.not_plantable.empty()) << row.number;
        not_plantable += row.not_plantable.empty() ? 0 : 1;
    }
    EXPECT_EQ(planted.size() + not_plantable, 65U);
    EXPECT_EQ(not_plantable, 2U) << "P8 and P27";
}

TEST(FailureCatalogue, NamesTheSameFindingInItsRules) {
    std::map<std::string_view, std::string_view> by_number;
    for (const CatalogueRow& row : failure_catalogue()) by_number[row.number] = row.finding;
    for (const Rule& rule : rules()) {
        EXPECT_EQ(by_number[rule.row], rule.finding) << sign_text(rule);
        for (const auto other : rule.yields_to) EXPECT_NE(find_finding(other), nullptr) << other;
    }
}

TEST(PlantedSigns, EachMakesExactlyItsOwnFindingKnown) {
    for (const PlantedSign& sign : planted_signs()) {
        SCOPED_TRACE(sign.row + " (facts " + sign.section + ")");
        const auto found = detect(sign.symptoms);
        EXPECT_EQ(names(found), expected(sign));
        for (const Detection& each : found) {
            EXPECT_FALSE(each.sign.empty());
            EXPECT_FALSE(each.text.empty());
        }
    }
}

TEST(PlantedSigns, HarmlessLinesAreTheOnlyOnesOfWhichNothingIsSaid) {
    for (const PlantedSign& sign : planted_signs()) {
        EXPECT_EQ(sign.expects.empty(), sign.row == "P15") << sign.row;
        const auto row = std::find_if(failure_catalogue().begin(), failure_catalogue().end(),
                                      [&](const CatalogueRow& each) { return each.number == sign.row; });
        ASSERT_NE(row, failure_catalogue().end()) << sign.row;
        if (sign.expects.empty()) continue;
        EXPECT_EQ(sign.expects, row->finding) << sign.row;
    }
}

TEST(PlantedSigns, TurnRedOfThatRowAloneWhereARuleIsMissing) {
    const auto signs = planted_signs();
    ASSERT_THAT(red_rows(signs, rules()), testing::IsEmpty());
    for (std::size_t without = 0; without < rules().size(); ++without) {
        std::vector<Rule> left = rules();
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(without));
        EXPECT_THAT(red_rows(signs, left), testing::ElementsAre(std::string(rules()[without].row)))
            << sign_text(rules()[without]);
    }
}

/// The symptoms without what a condition of the rule is about, or with what it must not be.
Symptoms against(const StateCondition& condition, Symptoms symptoms) {
    const auto resource = [&](HostFacts& facts, std::string name) -> Facts& { return facts[std::move(name)]; };
    const auto facts = [&]() -> Facts* {
        switch (condition.of) {
            case Of::arm:
                return nullptr;
            case Of::host:
                return &resource(symptoms.host, "host");
            case Of::gpu:
                return &resource(symptoms.host, "gpu/" + symptoms.gpu);
            case Of::vm:
                return &resource(symptoms.host, "vm/" + symptoms.vm);
            case Of::eflow:
                return &resource(symptoms.host, "eflow");
            case Of::guest:
                return &symptoms.guest;
            case Of::wanted_gpu:
                return &resource(symptoms.wanted, "gpu/" + symptoms.gpu);
            case Of::wanted_vm:
                return &resource(symptoms.wanted, "vm/" + symptoms.vm);
            case Of::wanted_eflow:
                return &resource(symptoms.wanted, "eflow");
        }
        return nullptr;
    }();
    if (facts == nullptr) {
        symptoms.method.clear();
    } else if (condition.is == Is::unless) {
        (*facts)[std::string(condition.key)] = std::string(condition.value);
    } else {
        facts->erase(std::string(condition.key));
    }
    return symptoms;
}

TEST(PlantedSigns, AreNoneWhereOneConditionOfTheirRuleIsNotMet) {
    std::size_t conditions = 0;
    for (const PlantedSign& sign : planted_signs()) {
        for (const Rule& rule : rules()) {
            const std::span<const Rule> alone(&rule, 1);
            const auto fires = [&](const Symptoms& symptoms) {
                return testing::Value(names(detect(symptoms, alone)), testing::Contains(std::string(rule.finding)));
            };
            if (rule.row != sign.row || !fires(sign.symptoms)) continue;
            SCOPED_TRACE(rule.row.data() + (": " + sign_text(rule)));
            for (const StateCondition& condition : rule.state) {
                EXPECT_FALSE(fires(against(condition, sign.symptoms))) << to_text(condition);
                ++conditions;
            }
            Symptoms of_something = sign.symptoms;
            for (Said& said : of_something.said) said.doing = Doing::something;
            EXPECT_EQ(fires(of_something), rule.doing == Doing::something);
            Symptoms after_nothing = sign.symptoms;
            after_nothing.before = Before::nothing_known;
            EXPECT_EQ(fires(after_nothing), rule.before == Before::nothing_known);
            Symptoms of_another = sign.symptoms;
            for (Said& said : of_another.said) {
                const bool is_host = said.by == Speaker::cmdlet || said.by == Speaker::host_text;
                said.by = is_host ? Speaker::command : Speaker::cmdlet;
            }
            EXPECT_EQ(fires(of_another), rule.hears == Hears::nothing || rule.hears == Hears::kernel);
        }
    }
    EXPECT_GT(conditions, 50U);
}

TEST(PlantedSigns, AreNoneWhereWhatIsComparedIsNotSo) {
    std::size_t compared = 0;
    for (const PlantedSign& sign : planted_signs()) {
        for (const Rule& rule : rules()) {
            if (rule.row != sign.row || rule.comparison.holds == nullptr) continue;
            const bool fires =
                testing::Value(names(detect(sign.symptoms, {&rule, 1})), testing::Contains(std::string(rule.finding)));
            EXPECT_EQ(rule.comparison.holds(State(sign.symptoms)).has_value(), fires) << sign.row;
            EXPECT_EQ(rule.comparison.holds(State(Symptoms{})), std::nullopt) << rule.row;
            ++compared;
        }
    }
    EXPECT_GE(compared, 7U);
}

}  // namespace
}  // namespace passbench

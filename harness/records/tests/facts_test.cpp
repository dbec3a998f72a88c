#include "harness/records/facts.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

const Facts example = {{"cpus", std::int64_t{8}}, {"load", 0.5}, {"governor", "powersave"}, {"steady", true}};

TEST(Facts, AreFoundByKeyAndTypeAlone) {
    EXPECT_EQ(fact_int(example, "cpus"), 8);
    EXPECT_EQ(fact_double(example, "load"), 0.5);
    EXPECT_EQ(fact_text(example, "governor"), "powersave");
    EXPECT_EQ(fact_bool(example, "steady"), true);
    EXPECT_EQ(fact_int(example, "absent"), std::nullopt);
    EXPECT_EQ(fact_int(example, "load"), std::nullopt);
    EXPECT_EQ(fact_text(example, "cpus"), std::nullopt);
    EXPECT_EQ(fact_bool(example, "cpus"), std::nullopt);
}

TEST(Facts, AnIntegerAlsoServesAsADouble) { EXPECT_EQ(fact_double(example, "cpus"), 8.0); }

TEST(Facts, AreWrittenShortestForPeople) {
    EXPECT_EQ(to_string(Fact(0.1)), "0.1");
    EXPECT_EQ(to_string(Fact(std::int64_t{-3})), "-3");
    EXPECT_EQ(to_string(Fact(true)), "true");
    EXPECT_EQ(to_string(Fact("words")), "words");
}

TEST(Differences, NameEveryKeyThatDiffersOrIsOnOneSideOnlyInOrder) {
    const Facts other = {{"cpus", std::int64_t{4}}, {"load", 0.5}, {"model", "X"}, {"steady", true}};
    const std::vector<FactDifference> found = differences(example, other);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].key + ":" + found[0].left + ":" + found[0].right, "cpus:8:4");
    EXPECT_EQ(found[1].key + ":" + found[1].left + ":" + found[1].right, "governor:powersave:");
    EXPECT_EQ(found[2].key + ":" + found[2].left + ":" + found[2].right, "model::X");
    EXPECT_TRUE(differences(example, example).empty());
}

TEST(Differences, SeeATypeThatChangedUnderTheSameWords) {
    EXPECT_EQ(differences({{"cpus", std::int64_t{8}}}, {{"cpus", "8"}}).size(), 1U);
}

}  // namespace
}  // namespace passbench

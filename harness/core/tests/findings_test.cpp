#include "harness/core/findings.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(Findings, StandInTheOrderOfTheirNamesEachOnce) {
    const auto& all = findings();
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                               [](const Finding& left, const Finding& right) { return left.name < right.name; }));
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_NE(all[i].name, all[i - 1].name);
}

TEST(Findings, SayCauseAndCureInWholeSentences) {
    for (const Finding& finding : findings()) {
        EXPECT_EQ(finding.cause.back(), '.') << finding.name;
        EXPECT_EQ(finding.cure.back(), '.') << finding.name;
        EXPECT_EQ(find_finding(finding.name), &finding);
    }
    EXPECT_EQ(find_finding("gpu.no_such"), nullptr);
}

}  // namespace
}  // namespace passbench

#include "harness/stats/select_ranks.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "harness/core/random.hpp"

namespace passbench {
namespace {

EachValue each_of(const std::vector<double>& values) {
    return [&values](const std::function<void(double)>& take) -> Result<void> {
        for (const double value : values) take(value);
        return {};
    };
}

TEST(SelectRanks, GivesWhatSortingGives) {
    Random random(5);
    for (const std::size_t n : {1U, 2U, 3U, 100U, 20'000U}) {
        std::vector<double> values(n);
        for (double& value : values) value = static_cast<double>(random.below(1000)) * 37.5 - 4000;
        const std::vector<std::size_t> ranks = {1, (n + 1) / 2, n};
        const auto selected = select_ranks(ranks, each_of(values));
        ASSERT_TRUE(selected);
        std::sort(values.begin(), values.end());
        for (std::size_t index = 0; index < ranks.size(); ++index) {
            EXPECT_EQ((*selected)[index], values[ranks[index] - 1]) << n;
        }
    }
}

TEST(SelectRanks, TellsNeighbouringDoublesApart) {
    const std::vector<double> values = {1.0, 0x1.0000000000001p0, 0x1.0000000000002p0, -0x1.0000000000001p0, 0.0};
    const auto selected = select_ranks({1, 2, 3, 4, 5}, each_of(values));
    ASSERT_TRUE(selected);
    EXPECT_EQ(*selected,
              (std::vector<double>{-0x1.0000000000001p0, 0.0, 1.0, 0x1.0000000000001p0, 0x1.0000000000002p0}));
}

TEST(SelectRanks, PassesOnTheErrorOfTheReader) {
    const auto selected = select_ranks({1}, [](const std::function<void(double)>&) -> Result<void> {
        return fail({.code = ErrorCode::bad_record, .what = "checksum"});
    });
    ASSERT_FALSE(selected);
    EXPECT_EQ(selected.error().code, ErrorCode::bad_record);
}

}  // namespace
}  // namespace passbench

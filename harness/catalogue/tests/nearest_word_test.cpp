#include <array>

#include <gtest/gtest.h>

#include "harness/catalogue/workload.hpp"

namespace passbench {
namespace {

constexpr std::array<std::string_view, 4> known = {"workload", "forms", "axes", "gate"};

TEST(NearestWord, FindsTheWordBehindSwappedLetters) { EXPECT_EQ(nearest_word("worklaod", known), "workload"); }

TEST(NearestWord, FindsTheWordBehindAMissingOrAdditionalLetter) {
    EXPECT_EQ(nearest_word("form", known), "forms");
    EXPECT_EQ(nearest_word("gates", known), "gate");
}

TEST(NearestWord, GivesNothingWhereMoreThanAThirdDiffers) {
    EXPECT_EQ(nearest_word("banana", known), std::nullopt);
    EXPECT_EQ(nearest_word("exas", known), std::nullopt);  // two of four letters
}

TEST(NearestWord, PrefersTheNearer) {
    constexpr std::array<std::string_view, 2> close = {"warmups", "warmup"};
    EXPECT_EQ(nearest_word("warmup_", close), "warmups");
    EXPECT_EQ(nearest_word("warmpu", close), "warmup");
}

TEST(NearestWord, GivesNothingForNoKnownWordsOrForVeryLongOnes) {
    EXPECT_EQ(nearest_word("gate", {}), std::nullopt);
    EXPECT_EQ(nearest_word(std::string(100'000, 'a'), known), std::nullopt);
}

}  // namespace
}  // namespace passbench

#include "harness/core/error.hpp"

#include <set>

#include <gtest/gtest.h>

#include "harness/core/result.hpp"

namespace passbench {
namespace {

TEST(ErrorCodes, StandInTheOrderOfTheEnumWithEveryFieldFilled) {
    int expected = 0;
    std::set<std::string_view> names;
    for (const ErrorCodeInfo& info : error_codes()) {
        EXPECT_EQ(static_cast<int>(info.code), expected++);
        EXPECT_EQ(to_string(info.code), info.name);
        EXPECT_EQ(exit_code(info.code), info.exit_code);
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_TRUE(info.cause.ends_with(".")) << info.name;
        EXPECT_TRUE(info.cure.ends_with(".")) << info.name;
    }
    EXPECT_EQ(static_cast<int>(ErrorCode::interrupted) + 1, expected);
}

TEST(ErrorCodes, HaveTheExitCodesOfTheCommandLine) {
    for (const ErrorCode code : {ErrorCode::usage, ErrorCode::scenario, ErrorCode::plan_changed, ErrorCode::consent}) {
        EXPECT_EQ(exit_code(code), 2);
    }
    for (const ErrorCode code : {ErrorCode::precondition, ErrorCode::busy, ErrorCode::unsupported, ErrorCode::timeout,
                                 ErrorCode::agent_lost, ErrorCode::bad_record, ErrorCode::device_lost,
                                 ErrorCode::out_of_memory, ErrorCode::io, ErrorCode::quarantined}) {
        EXPECT_EQ(exit_code(code), 4);
    }
    EXPECT_EQ(exit_code(ErrorCode::verify_failed), 5);
    EXPECT_EQ(exit_code(ErrorCode::interrupted), 130);
}

TEST(ErrorText, SaysWhereWhatTheWayThereAndWhatToDo) {
    const Error error{.code = ErrorCode::scenario,
                      .what = "unknown key 'worklaod'; did you mean 'workload'?",
                      .where = "t4.toml:14:12",
                      .fix = "Correct the key.",
                      .trail = {"reading t4.toml", "planning"},
                      .finding = "dda.no_osc"};
    EXPECT_EQ(to_text(error),
              "t4.toml:14:12: error: unknown key 'worklaod'; did you mean 'workload'?\n"
              "  while reading t4.toml\n"
              "  while planning\n"
              "  Correct the key.\n"
              "  (passbench help dda.no_osc)");
    EXPECT_EQ(to_text({.what = "no"}), "error: no");
}

Result<int> half_of(int number) {
    if (number % 2 != 0) return fail({.code = ErrorCode::usage, .what = "odd"});
    return number / 2;
}

Result<int> quarter_of(int number) {
    PASSBENCH_TRY(const int half, half_of(number));
    return half_of(half);
}

Result<void> check_quarter(int number) {
    PASSBENCH_CHECK(quarter_of(number));
    return {};
}

TEST(ResultMacros, GoOnWithTheValueOrReturnTheError) {
    EXPECT_EQ(quarter_of(8).value(), 2);
    EXPECT_EQ(quarter_of(6).error().what, "odd");
    EXPECT_TRUE(check_quarter(8).has_value());
    EXPECT_EQ(check_quarter(7).error().code, ErrorCode::usage);
}

TEST(FailIn, AddsAStepOfTheWay) {
    auto failed = half_of(3);
    const tl::unexpected<Error> outer = fail_in(std::move(failed).error(), "halving");
    EXPECT_EQ(outer.value().trail, std::vector<std::string>{"halving"});
}

}  // namespace
}  // namespace passbench

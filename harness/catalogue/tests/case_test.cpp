#include "harness/catalogue/case.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

TEST(CaseName, SortsParametersAndWritesIntegersInDecimal) {
    const Parameters parameters = {{"threads", "all"}, {"bytes", std::int64_t{4096}}, {"stores", "plain"}};
    EXPECT_EQ(case_name("copy", Form::cpu, parameters), "copy/cpu?bytes=4096&stores=plain&threads=all");
}

TEST(CaseName, HasNoQuestionMarkWithoutParameters) { EXPECT_EQ(case_name("launch", Form::cuda, {}), "launch/cuda"); }

TEST(CaseName, EncodesWhatWouldReadAsAnotherCase) {
    EXPECT_EQ(case_name("model", Form::cpu, {{"name", "a&b=1/c d"}}), "model/cpu?name=a%26b%3D1%2Fc%20d");
}

TEST(PercentEncoded, KeepsLettersDigitsDashUnderscoreAndPoint) {
    EXPECT_EQ(percent_encoded("resnet-50_v1.5"), "resnet-50_v1.5");
}

TEST(PercentEncoded, WritesEveryOtherByteAsTwoUpperCaseDigits) {
    EXPECT_EQ(percent_encoded("\xC3\xA9%\n"), "%C3%A9%25%0A");
    EXPECT_EQ(percent_decoded("%C3%A9%25%0A"), "\xC3\xA9%\n");
    for (const auto* damaged : {"%", "%4", "a%4", "%zz", "%4g", "%c3"}) {
        EXPECT_EQ(percent_decoded(damaged), std::nullopt) << damaged;
    }
}

TEST(ParseForm, IsTheInverseOfToString) {
    for (const Form form : {Form::cpu, Form::cuda}) EXPECT_EQ(parse_form(to_string(form)), form);
}

TEST(ParseForm, RefusesAnythingElseAndNamesTheForms) {
    const auto form = parse_form("gpu");
    ASSERT_FALSE(form);
    EXPECT_EQ(form.error().code, ErrorCode::usage);
    EXPECT_EQ(form.error().what, "unknown form 'gpu'");
    EXPECT_EQ(form.error().fix, "The forms are cpu and cuda.");
}

}  // namespace
}  // namespace passbench

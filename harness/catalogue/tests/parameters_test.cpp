#include <gtest/gtest.h>

#include "harness/catalogue/workload.hpp"

namespace passbench {
namespace {

const Workload& stream() { return *find_workload("stream"); }

std::string text_of(const Error& error) { return error.what + "\n" + error.fix; }

TEST(CompleteParameters, WritesOutEveryDefault) {
    const auto complete = complete_parameters(stream(), Form::cpu, {});
    ASSERT_TRUE(complete);
    const Parameters expected = {
        {"bytes", std::int64_t{256} << 20}, {"isa", "best"}, {"op", "triad"}, {"stores", "plain"}, {"threads", "all"}};
    EXPECT_EQ(*complete, expected);
}

TEST(CompleteParameters, TakesSizesAsTextAndAsNumbers) {
    const auto text = complete_parameters(stream(), Form::cpu, {{"bytes", "64 MiB"}});
    const auto number = complete_parameters(stream(), Form::cpu, {{"bytes", std::int64_t{64} << 20}});
    ASSERT_TRUE(text);
    ASSERT_TRUE(number);
    EXPECT_EQ(*text, *number);
}

TEST(CompleteParameters, ReducesWhatHasNoMeaningSoThatEqualCasesAreOne) {
    const auto plain = complete_parameters(stream(), Form::cpu, {{"op", "dot"}, {"stores", "plain"}});
    const auto nontemporal = complete_parameters(stream(), Form::cpu, {{"op", "dot"}, {"stores", "nontemporal"}});
    ASSERT_TRUE(plain);
    ASSERT_TRUE(nontemporal);
    EXPECT_EQ(*plain, *nontemporal);
}

TEST(CompleteParameters, LeavesTheInstructionsOfMemcpyToTheLibrary) {
    const Workload& copy = *find_workload("copy");
    const auto library = complete_parameters(copy, Form::cpu, {{"method", "memcpy"}, {"isa", "sse2"}});
    const auto own = complete_parameters(copy, Form::cpu, {{"method", "plain"}, {"isa", "sse2"}});
    ASSERT_TRUE(library && own);
    EXPECT_EQ(library->at("isa"), Value("best"));
    EXPECT_EQ(own->at("isa"), Value("sse2"));
}

TEST(CompleteParameters, TakesANumberForTheWordThatLooksLikeIt) {
    const Workload& roofline = *find_workload("roofline");
    const auto number = complete_parameters(roofline, Form::cpu, {{"intensity", std::int64_t{16}}});
    ASSERT_TRUE(number);
    EXPECT_EQ(number->at("intensity"), Value("16"));
    const auto another = complete_parameters(roofline, Form::cpu, {{"intensity", std::int64_t{17}}});
    ASSERT_FALSE(another);
    EXPECT_EQ(another.error().fix, "intensity takes 0.25, 0.5, 1, 2, 4, 8, 16, 32 or 64.");
}

TEST(CompleteParameters, TakesPowersOfTwoAloneWhereOnlyTheyCanBeDone) {
    const Workload& fft = *find_workload("fft");
    EXPECT_TRUE(complete_parameters(fft, Form::cpu, {{"size", std::int64_t{4096}}}));
    const auto odd = complete_parameters(fft, Form::cpu, {{"size", std::int64_t{1000}}});
    ASSERT_FALSE(odd);
    EXPECT_EQ(odd.error().what, "size = 1000 is not a power of two");
    EXPECT_EQ(odd.error().fix, "size takes 8 to 1048576, powers of two.");
}

TEST(CompleteParameters, KeepsWhatHasAMeaning) {
    const auto triad = complete_parameters(stream(), Form::cpu, {{"stores", "nontemporal"}});
    ASSERT_TRUE(triad);
    EXPECT_EQ(triad->at("stores"), Value("nontemporal"));
}

TEST(CompleteParameters, DropsAnAxisThatTheFormDoesNotHave) {
    Workload both = stream();
    both.parameters.push_back(
        {.name = "direction", .words = {"h2d"}, .fallback = "h2d", .forms = {Form::cuda}, .meaning = ""});
    const auto cpu = complete_parameters(both, Form::cpu, {{"direction", "h2d"}});
    const auto cuda = complete_parameters(both, Form::cuda, {{"direction", "h2d"}});
    ASSERT_TRUE(cpu && cuda);
    EXPECT_FALSE(cpu->contains("direction"));
    EXPECT_TRUE(cuda->contains("direction"));
}

TEST(CompleteParameters, NamesTheNearestParameter) {
    const auto wrong = complete_parameters(stream(), Form::cpu, {{"stroes", "plain"}});
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::usage);
    EXPECT_EQ(text_of(wrong.error()),
              "stream has no parameter 'stroes'; did you mean 'stores'?\n"
              "Its parameters are op, stores, bytes, cache, threads, isa; `passbench help stream` explains them.");
}

struct Refused {
    std::string parameter;
    Value value;
    std::string text;
};

void PrintTo(const Refused& refused, std::ostream* stream) { *stream << refused.parameter; }

class RefusedValue : public testing::TestWithParam<Refused> {};

TEST_P(RefusedValue, SaysWhatIsAllowed) {
    const auto checked = check_value(*find_parameter(stream(), GetParam().parameter), GetParam().value);
    ASSERT_FALSE(checked);
    EXPECT_EQ(text_of(checked.error()), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Stream, RefusedValue,
    testing::Values(
        Refused{"op", "traid",
                "op = 'traid' is not known; did you mean 'triad'?\nop takes copy, scale, add, triad or dot."},
        Refused{"op", std::int64_t{3},
                "op = 3 is a number where a word is needed\nop takes copy, scale, add, triad or dot."},
        Refused{"bytes", std::int64_t{100},
                "bytes = 100 is out of range\nbytes takes 4 KiB to 4 GiB in multiples of 8."},
        Refused{"bytes", std::int64_t{4097},
                "bytes = 4097 is not a multiple of 8\nbytes takes 4 KiB to 4 GiB in multiples of 8."},
        Refused{"bytes", "8 GiB", "bytes = 8589934592 is out of range\nbytes takes 4 KiB to 4 GiB in multiples of 8."},
        Refused{"threads", "4", "threads = '4' is a text where a number is needed\nthreads takes 1 to 1024 or all."},
        Refused{"threads", std::int64_t{0}, "threads = 0 is out of range\nthreads takes 1 to 1024 or all."}));

TEST(CheckValue, SaysWhichUnitsOfASizeWouldDo) {
    const auto checked = check_value(*find_parameter(stream(), "bytes"), "64 Mb");
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().what, "bytes: '64 Mb' has an unknown unit 'Mb'");
    EXPECT_NE(checked.error().fix.find("MiB"), std::string::npos) << checked.error().fix;
}

}  // namespace
}  // namespace passbench

#include "harness/report/text.hpp"

#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "harness/report/quantity.hpp"
#include "harness/report/table.hpp"

namespace passbench {
namespace {

TEST(Printable, KeepsWhatAPersonCanSee) {
    EXPECT_EQ(printable("copy/cpu?bytes=4096"), "copy/cpu?bytes=4096");
    EXPECT_EQ(printable("Pr\xc3\xbc"
                        "fstand \xe2\x82\xac \xf0\x9f\x98\x80"),
              "Pr\xc3\xbc"
              "fstand \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST(Printable, ShowsControlCharactersInsteadOfSendingThem) {
    EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
    EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
    EXPECT_EQ(printable("\x7f\r\x07"), "\\x7f\\x0d\\x07");
    EXPECT_EQ(printable("\xc2\x9b"
                        "31m"),
              "\\x9b31m");  // C1: a control sequence in one character
    EXPECT_EQ(printable("a\xe2\x80\xae"
                        "b"),
              "a\\u{202e}b");  // right to left from here
    EXPECT_EQ(printable("two\nlines\tand a tab"), "two lines and a tab");
}

TEST(Printable, ShowsBrokenUtf8ByteByByte) {
    EXPECT_EQ(printable("\xff"), "\\xff");
    EXPECT_EQ(printable("\xc3"), "\\xc3");                             // cut short
    EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // overlong
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // beyond Unicode
}

TEST(Printable, OfPrintableTextIsItself) {
    const std::string once = printable("\x1b\xff\xe2\x80\xae ok");
    EXPECT_EQ(printable(once), once);
}

TEST(Width, CountsColumnsAndNotBytes) {
    EXPECT_EQ(width("abc"), 3U);
    EXPECT_EQ(width("\xc3\xbc"), 1U);
    EXPECT_EQ(width("\xe4\xb8\xad"), 2U);
}

TEST(Wrapped, BreaksAtBlanksAndInsideLongWords) {
    EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
    EXPECT_EQ(wrapped("abcdefgh", 3), (std::vector<std::string>{"abc", "def", "gh"}));
    EXPECT_EQ(wrapped("ab abcdefgh", 4), (std::vector<std::string>{"ab", "abcd", "efgh"}));
    EXPECT_EQ(wrapped("", 5), std::vector<std::string>{""});
    EXPECT_EQ(wrapped("about 3 % more", 8), (std::vector<std::string>{"about", "3 % more"}));
}

TEST(Shortened, MarksThatSomethingIsMissing) {
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abcd", 3), "ab~");
    EXPECT_EQ(shortened("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc", 3), "\xc3\xbc\xc3\xbc~");
}

TEST(PlainDecimal, HasNoExponentAndReadsBackTheSame) {
    for (const double value : {4.1e10, 1.0 / 3, 1e-9, 123456789.125, -0.05, 1e300, 5e-324}) {
        const std::string text = plain_decimal(value);
        EXPECT_EQ(text.find_first_of("eE"), std::string::npos) << text;
        EXPECT_EQ(std::strtod(text.c_str(), nullptr), value);
    }
    EXPECT_EQ(plain_decimal(4.1e10), "41000000000");
}

TEST(Table, GivesTheFirstColumnWhatIsLeftAndWrapsIt) {
    Table table({{"case"}, {"value", Align::right, 12}});
    table.add({{std::string(150, 'x')}, {"1 GB/s"}});
    table.add_note("a note");
    const std::string text = table.text(Colour::off);
    EXPECT_NE(text.find("1 GB/s\n"), std::string::npos);
    EXPECT_NE(text.find("    a note\n"), std::string::npos);
    std::size_t shown = 0;
    for (const char letter : text) shown += letter == 'x' ? 1U : 0U;
    EXPECT_EQ(shown, 150U);
}

TEST(Table, LeavesOutAColumnThatIsEmptyInEveryRow) {
    Table table({{"case"}, {"arm"}, {"n"}});
    table.add({{"one"}, {""}, {"8"}});
    EXPECT_EQ(table.text(Colour::off).find("arm"), std::string::npos);
}

TEST(DetectableText, PastADoublingNamesNoNumber) {
    EXPECT_EQ(detectable_text(0.022), "2.2 %");
    EXPECT_EQ(detectable_text(32.2), "> 100 %");
}

}  // namespace
}  // namespace passbench

#include "host/signs/words.hpp"

#include <algorithm>
#include <cctype>

#include "harness/report/text.hpp"

namespace passbench {
namespace {

constexpr std::string_view typographic_apostrophe = "\xe2\x80\x99";

bool is_digit(char character) { return std::isdigit(static_cast<unsigned char>(character)) != 0; }
bool is_blank(char character) { return std::isspace(static_cast<unsigned char>(character)) != 0; }

/// The begin of the UTF-8 character that `at` is in; `at` where there is none.
std::size_t character_begin(std::string_view text, std::size_t at) {
    constexpr std::size_t longest = 4;
    for (std::size_t back = 0; back < longest && back <= at && at - back < text.size(); ++back) {
        if ((static_cast<unsigned char>(text[at - back]) & 0xc0U) != 0x80U) return at - back;
    }
    return at;
}

}  // namespace

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& character : lower) {
        if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
    }
    return lower;
}

std::string one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    while (!text.empty()) {
        if (text.starts_with(typographic_apostrophe)) {
            line += '\'';
            text.remove_prefix(typographic_apostrophe.size());
            continue;
        }
        if (!is_blank(text.front())) {
            line += text.front();
        } else if (!line.empty() && line.back() != ' ') {
            line += ' ';
        }
        text.remove_prefix(1);
    }
    if (line.ends_with(' ')) line.pop_back();
    return line;
}

std::size_t find_word(std::string_view text, std::string_view word) {
    const auto continues = [&](char next) {
        if (word.starts_with("0x")) return std::isxdigit(static_cast<unsigned char>(next)) != 0;
        return !word.empty() && is_digit(word.back()) && is_digit(next);
    };
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t after = at + word.size();
        if (after >= text.size() || !continues(text[after])) return at;
    }
    return std::string_view::npos;
}

std::string kept_words(std::string_view text, std::size_t at) {
    constexpr std::size_t before = most_columns_kept / 4;
    const std::size_t begin = character_begin(text, at + before < most_columns_kept ? 0 : at - before);
    const std::size_t end = character_begin(text, std::min(text.size(), begin + most_columns_kept));
    const std::string shown = (begin > 0 ? "~" : "") + printable(text.substr(begin, end - begin));
    return shortened(end < text.size() ? shown + "~" : shown, most_columns_kept);
}

}  // namespace passbench

#include "harness/report/text.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>

#include <fmt/core.h>

namespace passbench {
namespace {

struct Character {
    char32_t code;
    std::size_t bytes;  // that it takes
    bool valid;
};

/// The UTF-8 character at `at`; one invalid byte where there is none (RFC 3629: no overlong forms, no surrogates).
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t index) { return static_cast<std::uint8_t>(text[index]); };
    const std::uint8_t lead = byte(at);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    const Character invalid{lead, 1, false};
    if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return invalid;
    char32_t code = lead & (0x7FU >> length);
    for (std::size_t index = at + 1; index < at + length; ++index) {
        if ((byte(index) & 0xC0U) != 0x80U) return invalid;
        code = (code << 6U) | (byte(index) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < smallest[length] || code > 0x10FFFF || is_surrogate) return invalid;
    return {code, length, true};
}

/// Characters that change how others are shown, or are not seen at all: C0, C1, directions, zero width, byte order marks.
bool is_hidden(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x061C || code == 0x180E ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || (code >= 0xFFF0 && code <= 0xFFFB) ||
           code >= 0xE0000;
}

/// Scripts whose characters take two columns begin here, roughly; too wide is better than past the margin.
constexpr char32_t first_wide = 0x1100;

std::size_t columns_of(char32_t code) { return code >= first_wide ? 2 : 1; }

/// The next blank at which a line may end: "3 %" stays together.
std::size_t end_of_word(std::string_view text) {
    std::size_t blank = text.find(' ');
    while (blank != std::string_view::npos && text.substr(blank + 1, 1) == "%") blank = text.find(' ', blank + 1);
    return blank;
}

/// How many bytes of the front of `text` fit into `columns`; at least one character.
std::size_t bytes_that_fit(std::string_view text, std::size_t columns) {
    std::size_t used = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const Character next = character_at(text, end);
        used += columns_of(next.code);
        if (used > columns && end > 0) break;
        end += next.bytes;
    }
    return end;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string safe;
    for (std::size_t at = 0; at < text.size();) {
        const Character next = character_at(text, at);
        if (next.code == '\n' || next.code == '\t') {
            safe += ' ';
        } else if (!next.valid || (next.code < 0x100 && is_hidden(next.code))) {
            safe += fmt::format("\\x{:02x}", static_cast<unsigned>(next.code));
        } else if (is_hidden(next.code)) {
            safe += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(next.code));
        } else {
            safe += text.substr(at, next.bytes);
        }
        at += next.bytes;
    }
    return safe;
}

std::size_t width(std::string_view printable_text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < printable_text.size();) {
        const Character next = character_at(printable_text, at);
        columns += columns_of(next.code);
        at += next.bytes;
    }
    return columns;
}

std::vector<std::string> wrapped(std::string_view printable_text, std::size_t columns) {
    assert(columns >= 2);
    std::vector<std::string> lines(1);
    while (!printable_text.empty()) {
        const std::size_t blank = end_of_word(printable_text);
        std::string_view word = printable_text.substr(0, blank);
        printable_text.remove_prefix(blank == std::string_view::npos ? printable_text.size() : blank + 1);
        if (word.empty()) continue;
        const std::size_t gap = lines.back().empty() ? 0 : 1;
        if (width(lines.back()) + gap + width(word) <= columns) {
            lines.back().append(gap, ' ').append(word);
            continue;
        }
        if (gap > 0) lines.emplace_back();
        while (width(word) > columns) {
            const std::size_t end = bytes_that_fit(word, columns);
            lines.back() = word.substr(0, end);
            word.remove_prefix(end);
            lines.emplace_back();
        }
        lines.back() = word;
    }
    return lines;
}

std::string shortened(std::string_view printable_text, std::size_t columns) {
    if (width(printable_text) <= columns) return std::string(printable_text);
    return std::string(printable_text.substr(0, bytes_that_fit(printable_text, columns - 1))) + "~";
}

std::string indented(std::string_view first, std::string_view text, std::size_t columns) {
    const std::size_t indent = width(first);
    if (indent > columns / 2) return indented("", std::string(first).append(text), columns);
    std::string block;
    for (const std::string& line : wrapped(text, columns - indent)) {
        block += (block.empty() ? std::string(first) : std::string(indent, ' ')) + line + "\n";
    }
    return block;
}

std::string plain_decimal(double value) {
    std::array<char, 400> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed);
    return {digits.data(), written.ptr};
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const std::string& part : parts) {
        if (&part != &parts.front()) text += separator;
        text += part;
    }
    return text;
}

}  // namespace passbench

// Text that may have come from anywhere, made safe and fitted into columns. Nothing that could steer a terminal, a CI log or a
// spreadsheet passes: control characters and invisible ones are shown as \x1b or \u{202e}. For this room, and for the command
// line, whose manuals and diagnoses stand in the same columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace passbench {

/// Columns of everything that people read on a terminal.
inline constexpr std::size_t report_columns = 100;

/// Valid UTF-8 of visible characters; newlines and tabs become blanks, all else its escape.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that printable text takes on a terminal.
[[nodiscard]] std::size_t width(std::string_view printable_text);

/// Lines of at most `columns`, broken at blanks, in mid-word where a word is longer. At least one line.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view printable_text, std::size_t columns);

/// Cut to `columns`, with ~ at the end where something is missing.
[[nodiscard]] std::string shortened(std::string_view printable_text, std::size_t columns);

/// The wrapped lines as one block, the first line after `first`, further ones after as many blanks (a `first` that takes more
/// than half of the columns is wrapped with the text); ends in a newline.
[[nodiscard]] std::string indented(std::string_view first, std::string_view text, std::size_t columns);

/// The shortest plain decimal that reads back as the same double: no exponent, for XSD and spreadsheets dislike it.
[[nodiscard]] std::string plain_decimal(double value);

[[nodiscard]] std::string joined(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace passbench

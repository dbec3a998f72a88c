// Words of hosts and guests made fit to be searched and shown: they come from anywhere and may be of any size.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace passbench {

inline constexpr std::size_t most_bytes_said = std::size_t{1} << 20U;     // of one text, from its beginning
inline constexpr std::size_t most_bytes_logged = std::size_t{32} << 20U;  // of the kernel's log, from its end
inline constexpr std::size_t most_bytes_of_line = 4096;                   // of a line of it, from its beginning
inline constexpr std::size_t most_columns_kept = 400;                     // of a text, in what is shown of it

/// Letters of ASCII in lower case, byte by byte.
[[nodiscard]] std::string lower_case(std::string_view text);
/// One line without doubled blanks and with plain apostrophes: Hyper-V breaks its messages into lines, and shells and logs differ.
[[nodiscard]] std::string one_line(std::string_view text);
/// Where the word is; npos where it is not. A word that ends in a number ends where the number does: "-2" is not in
/// "-22", nor "0xc0" in "0xc01".
[[nodiscard]] std::size_t find_word(std::string_view text, std::string_view word);
/// Printable and of at most `most_columns_kept`, with what begins at `at` in it; ~ where something was left out.
[[nodiscard]] std::string kept_words(std::string_view text, std::size_t at);

}  // namespace passbench

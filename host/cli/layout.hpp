// Text in columns, as the manuals and doctor print it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace passbench {

inline constexpr std::size_t text_columns = 100;

/// `first` and the words behind it in lines of at most text_columns, later lines under the begin of the words.
[[nodiscard]] std::string in_columns(std::string_view first, std::string_view words);

}  // namespace passbench

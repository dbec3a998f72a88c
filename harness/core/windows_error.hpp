// What Windows says of a failure, as the errno that the rest of the code speaks of, and a path as Windows functions take it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace passbench {

/// EIO for what has no counterpart.
[[nodiscard]] int errno_of_windows(unsigned long error);
/// Windows' own words, UTF-8, without a newline, with the number.
[[nodiscard]] std::string windows_error_text(unsigned long error);

[[nodiscard]] std::wstring wide_of_utf8(std::string_view text);
[[nodiscard]] std::string utf8_of_wide(std::wstring_view text);

/// Of any length: one that is too long for a plain path is made absolute and says so to Windows.
[[nodiscard]] std::wstring wide_path(const std::filesystem::path& path);

}  // namespace passbench

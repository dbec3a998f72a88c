// One text of words, for Windows gives a program no list: the words are quoted so that the C library's and CommandLineToArgvW's rules
// read them back as they were. Not for cmd.exe, which has rules of its own. Internal to this room.
#pragma once

#include <string>
#include <vector>

namespace passbench {

[[nodiscard]] std::string windows_command_line(const std::vector<std::string>& words);

}  // namespace passbench

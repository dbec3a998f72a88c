#include "harness/core/windows_command_line.hpp"

#include <algorithm>

namespace passbench {
namespace {

/// Backslashes count as such except before a quotation mark: there each stands for half of one, and an odd one makes the mark a letter.
std::string quoted(const std::string& word) {
    if (!word.empty() && word.find_first_of(" \t\n\v\"") == std::string::npos) return word;
    std::string text = "\"";
    std::size_t backslashes = 0;
    for (const char letter : word) {
        if (letter == '"') text.append(backslashes + 1, '\\');
        backslashes = letter == '\\' ? backslashes + 1 : 0;
        text += letter;
    }
    return text.append(backslashes, '\\') + '"';
}

}  // namespace

std::string windows_command_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line.append(line.empty() ? "" : " ").append(quoted(word));
    return line;
}

}  // namespace passbench

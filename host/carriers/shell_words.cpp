#include "host/carriers/shell_words.hpp"

#include <algorithm>

namespace passbench {

namespace {

/// Nothing to any shell, wherever it stands in a word. '~' and '=' are not among them: they are something at some places.
bool is_plain(char character) {
    constexpr std::string_view others = "%+,-./:@_";
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') || others.find(character) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view text) {
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string quoted = "'";
    for (const char character : text) quoted += character == '\'' ? std::string(R"('\'')") : std::string(1, character);
    return quoted + "'";
}

std::string shell_command(const std::vector<std::string>& words) {
    std::string command;
    for (const std::string& word : words) {
        if (!command.empty()) command += ' ';
        command += shell_word(word);
    }
    return command;
}

}  // namespace passbench

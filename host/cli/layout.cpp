#include "host/cli/layout.hpp"

#include <algorithm>

namespace passbench {

std::string in_columns(std::string_view first, std::string_view words) {
    const std::string margin(first.size(), ' ');
    std::string text;
    std::string line(first);
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        const auto word = words.substr(0, end);
        words.remove_prefix(std::min(end + 1, words.size()));
        if (line.size() > first.size() && line.size() + 1 + word.size() > text_columns) {
            text.append(line).append("\n");
            line = margin;
        }
        line.append(line.size() > first.size() ? " " : "").append(word);
    }
    return text.append(line).append("\n");
}

}  // namespace passbench

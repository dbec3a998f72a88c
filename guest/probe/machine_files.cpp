#include "guest/probe/machine_files.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>
#ifndef _WIN32
#include <unistd.h>
#endif

namespace passbench {
namespace {

constexpr std::size_t line_limit = 512;
constexpr std::size_t text_limit = 256 * 1024;
constexpr std::size_t names_limit = 4096;

bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\0'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
    std::string result(trimmed(text).substr(0, limit));
    std::replace_if(
        result.begin(), result.end(), [](char byte) { return byte < ' ' || byte > '~'; }, '?');
    return result;
}

std::string MachineFiles::text(std::string_view path) const {
    if (const auto known = given_.find(path); known != given_.end()) return known->second;
    std::ifstream file(root_ / path, std::ios::binary);
    std::string content(text_limit, '\0');
    // Reading a folder, or a file of /sys whose driver refuses, ends with nothing read.
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(file.bad() ? 0 : static_cast<std::size_t>(file.gcount()));
    return content;
}

std::optional<std::string> MachineFiles::line(std::string_view path) const {
    const std::string content = text(path);
    std::string first = printable(std::string_view(content).substr(0, content.find('\n')), line_limit);
    if (first.empty()) return std::nullopt;
    return first;
}

std::optional<std::int64_t> MachineFiles::number(std::string_view path) const {
    const auto first = line(path);
    return first ? leading_number(*first) : std::nullopt;
}

std::vector<std::string> MachineFiles::names(std::string_view folder) const {
    std::vector<std::string> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(root_ / folder, error), end; !error && entry != end;
         entry.increment(error)) {
        found.push_back(entry->path().filename().string());
        if (found.size() == names_limit) break;
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool MachineFiles::exists(std::string_view path) const {
    if (given_.contains(path)) return true;
    std::error_code error;
    return std::filesystem::exists(root_ / path, error);
}

#ifdef _WIN32
// Only files of devices are asked for, of which Windows has none.
bool MachineFiles::may_open(std::string_view path) const { return exists(path); }
#else
bool MachineFiles::may_open(std::string_view path) const { return access((root_ / path).c_str(), R_OK | W_OK) == 0; }
#endif

std::optional<std::string> MachineFiles::link_name(std::string_view path) const {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::read_symlink(root_ / path, error);
    if (error) return std::nullopt;
    return printable(target.filename().string(), line_limit);
}

std::optional<std::string> value_of(std::string_view text, std::string_view key, char separator) {
    while (!text.empty()) {
        const std::string_view row = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), row.size() + 1));
        const std::size_t place = row.find(separator);
        if (place == std::string_view::npos || trimmed(row.substr(0, place)) != key) continue;
        return printable(row.substr(place + 1), line_limit);
    }
    return std::nullopt;
}

std::optional<std::int64_t> leading_number(std::string_view text) {
    text = trimmed(text);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end == text.data()) return std::nullopt;
    return number;
}

}  // namespace passbench

// A TOML file as a small tree that knows where everything stands, so that the readers of scenarios and labs can say
// file:line:column for each mistake. Of the TOML library's types none leaves document.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/core/result.hpp"

namespace passbench {

struct Place {
    std::shared_ptr<const std::string> file;
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};
/// file:line:column
[[nodiscard]] std::string to_string(const Place& place);
/// By file, then as the text runs.
[[nodiscard]] bool operator<(const Place& left, const Place& right);

struct TomlNode;
struct TomlEntry;
using TomlList = std::vector<TomlNode>;
using TomlTable = std::vector<TomlEntry>;  // by key
struct TomlDate {};                        // no file of ours has dates: which one it was is not kept

struct TomlNode {
    std::variant<std::string, std::int64_t, double, bool, TomlDate, TomlList, TomlTable> value;
    Place place;
};

struct TomlEntry {
    std::string key;
    Place place;
    TomlNode node;
};

/// "a text", "a whole number", "a table" ... for messages.
[[nodiscard]] std::string_view kind_of(const TomlNode& node);
[[nodiscard]] const TomlEntry* find_entry(const TomlTable& table, std::string_view key);

/// The file's text. Error `scenario`: missing, a directory, unreadable, larger than `max_bytes`, or not a text.
[[nodiscard]] Result<std::string> read_document(const std::filesystem::path& path, std::int64_t max_bytes);
/// The top table; `name` stands for the file in messages. Error `scenario` at the first place that is not TOML, or is
/// nested deeper than any scenario needs.
[[nodiscard]] Result<TomlTable> parse_document(std::string_view text, const std::string& name);

}  // namespace passbench

#include "harness/scenario/document.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>
#include <tuple>

#include "harness/core/units.hpp"

// Deep enough for [[case]] -> axes -> pow2, shallow enough that no input exhausts the stack.
#define TOML_MAX_NESTED_VALUES 16
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace passbench {

namespace {

constexpr std::string_view format_page = "scenarios/README.md describes the format.";
// A key a.b.c makes a table for each dot, without a limit in the library; their destructors are recursive.
constexpr std::ptrdiff_t max_dots_in_a_line = 256;

class Converter {
public:
    explicit Converter(const std::string& name) : file_(std::make_shared<const std::string>(name)) {}

    [[nodiscard]] Place place(const toml::source_region& region) const {
        return {.file = file_, .line = std::max(1U, region.begin.line), .column = std::max(1U, region.begin.column)};
    }

    [[nodiscard]] TomlTable table(const toml::table& source) const {
        TomlTable entries;
        for (const auto& [key, value] : source) {
            entries.push_back({.key = std::string(key.str()), .place = place(key.source()), .node = node(value)});
        }
        return entries;
    }

private:
    [[nodiscard]] TomlNode node(const toml::node& source) const {
        TomlNode converted{.value = TomlDate{}, .place = place(source.source())};
        if (const auto* text = source.as_string()) {
            converted.value = text->get();
        } else if (const auto* integer = source.as_integer()) {
            converted.value = integer->get();
        } else if (const auto* real = source.as_floating_point()) {
            converted.value = real->get();
        } else if (const auto* boolean = source.as_boolean()) {
            converted.value = boolean->get();
        } else if (const auto* array = source.as_array()) {
            TomlList items;
            items.reserve(array->size());
            for (const toml::node& item : *array) items.push_back(node(item));
            converted.value = std::move(items);
        } else if (const auto* inner = source.as_table()) {
            converted.value = table(*inner);
        }
        return converted;
    }

    std::shared_ptr<const std::string> file_;
};

/// The first line with more dots than any key of ours can have; comments do not count.
std::optional<std::uint32_t> line_with_too_many_dots(std::string_view text) {
    std::uint32_t number = 1;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        const std::size_t first = line.find_first_not_of(" \t");
        const bool comment = first != std::string_view::npos && line[first] == '#';
        if (!comment && std::ranges::count(line, '.') > max_dots_in_a_line) return number;
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        ++number;
    }
    return std::nullopt;
}

Error cannot_read(const std::filesystem::path& path, std::string_view why) {
    return {.code = ErrorCode::scenario,
            .what = "cannot be read: " + std::string(why),
            .where = path.string(),
            .fix = "Give the path of a TOML file; " + std::string(format_page)};
}

}  // namespace

std::string to_string(const Place& place) {
    return *place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

bool operator<(const Place& left, const Place& right) {
    return std::tie(*left.file, left.line, left.column) < std::tie(*right.file, right.line, right.column);
}

std::string_view kind_of(const TomlNode& node) {
    struct Name {
        std::string_view operator()(const std::string& /*value*/) const { return "a text"; }
        std::string_view operator()(std::int64_t /*value*/) const { return "a whole number"; }
        std::string_view operator()(double /*value*/) const { return "a number with a point"; }
        std::string_view operator()(bool /*value*/) const { return "true or false"; }
        std::string_view operator()(TomlDate /*value*/) const { return "a date or time"; }
        std::string_view operator()(const TomlList& /*value*/) const { return "a list"; }
        std::string_view operator()(const TomlTable& /*value*/) const { return "a table"; }
    };
    return std::visit(Name{}, node.value);
}

const TomlEntry* find_entry(const TomlTable& table, std::string_view key) {
    const auto found = std::ranges::find(table, key, &TomlEntry::key);
    return found == table.end() ? nullptr : &*found;
}

Result<std::string> read_document(const std::filesystem::path& path, std::int64_t max_bytes) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return fail(cannot_read(path, "it is a directory"));
    if (!std::filesystem::exists(path, ignored)) return fail(cannot_read(path, "there is no such file"));

    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(cannot_read(path, "the system does not let this user open it"));
    // Read one byte more than is allowed instead of asking for the size: what is named may be a pipe.
    std::string text(static_cast<std::size_t>(max_bytes) + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad()) return fail(cannot_read(path, "the system stopped reading half-way"));

    if (std::ssize(text) > max_bytes) {
        return fail(cannot_read(path, "it is larger than " + format_bytes(max_bytes) + ", which no such file needs"));
    }
    if (text.find('\0') != std::string::npos) {
        return fail(cannot_read(path, "it is not a text: byte " + std::to_string(text.find('\0')) + " is zero"));
    }
    return text;
}

Result<TomlTable> parse_document(std::string_view text, const std::string& name) {
    if (const auto line = line_with_too_many_dots(text)) {
        return fail({.code = ErrorCode::scenario,
                     .what = "this line nests too deeply: more than " + std::to_string(max_dots_in_a_line) + " dots",
                     .where = name + ":" + std::to_string(*line) + ":1",
                     .fix = "No key needs more than three parts; " + std::string(format_page)});
    }
    const Converter converter(name);
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return fail({.code = ErrorCode::scenario,
                     .what = "not TOML: " + std::string(error.description()),
                     .where = to_string(converter.place(error.source())),
                     .fix = std::string(format_page)});
    }
    return converter.table(parsed.table());
}

}  // namespace passbench

#include "harness/scenario/fields.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"
#include "harness/scenario/scenario.hpp"

namespace passbench {

namespace {

/// Messages go to terminals and logs: no control characters of a file reach them.
std::string printable(std::string text) {
    for (char& character : text) {
        if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F) character = '?';
    }
    return text;
}

}  // namespace

void Mistakes::add(const Place& place, std::string what, std::string fix) {
    list_.push_back({.place = place,
                     .error = {.code = ErrorCode::scenario,
                               .what = printable(std::move(what)),
                               .where = to_string(place),
                               .fix = printable(std::move(fix))}});
}

std::vector<Error> Mistakes::in_order() const {
    std::vector<Mistake> sorted = list_;
    std::ranges::stable_sort(sorted, [](const Mistake& a, const Mistake& b) { return a.place < b.place; });
    std::vector<Error> errors;
    for (const Mistake& mistake : sorted) {
        if (errors.size() == max_reported_mistakes) {
            const std::size_t rest = sorted.size() - max_reported_mistakes;
            errors.push_back({.code = ErrorCode::scenario,
                              .what = fmt::format("and {} more", rest),
                              .where = *mistake.place.file,
                              .fix = "Correct these first; the rest is shown then."});
            break;
        }
        errors.push_back(mistake.error);
    }
    return errors;
}

std::string listed(std::span<const std::string_view> words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
    const auto near = nearest_word(word, known);
    return near ? "; did you mean '" + *near + "'?" : "";
}

std::string in_quotes(std::string_view word) {
    constexpr std::size_t longest = 64;
    return fmt::format("'{}{}'", word.substr(0, longest), word.size() > longest ? "..." : "");
}

Fields::Fields(const TomlTable& table, std::string_view of, std::span<const std::string_view> known, Mistakes& mistakes)
    : table_(table), mistakes_(mistakes) {
    for (const TomlEntry& entry : table) {
        if (std::ranges::find(known, entry.key) != known.end()) continue;
        mistakes.add(entry.place, "unknown key " + in_quotes(entry.key) + did_you_mean(entry.key, known),
                     fmt::format("{} knows {}.", of, listed(known)));
    }
}

template <typename T>
const T* Fields::get(std::string_view key, std::string_view needed, std::string_view example) const {
    const TomlEntry* entry = find(key);
    if (entry == nullptr) return nullptr;
    const T* value = std::get_if<T>(&entry->node.value);
    if (value == nullptr) {
        mistakes_.add(entry->node.place, fmt::format("{} is {}, not {}", key, kind_of(entry->node), needed),
                      fmt::format("Write it like {} = {}.", key, example));
    }
    return value;
}

std::optional<std::int64_t> Fields::in_range(const TomlEntry& entry, std::int64_t value, Range<std::int64_t> range,
                                             const std::string& allowed) const {
    if (value >= range.low && value <= range.high) return value;
    mistakes_.add(entry.node.place, fmt::format("{} is out of range", entry.key),
                  fmt::format("{} may be {}.", entry.key, allowed));
    return std::nullopt;
}

std::optional<std::string> Fields::text(std::string_view key, std::size_t max_size) const {
    const auto* value = get<std::string>(key, "a text", "\"...\"");
    if (value == nullptr) return std::nullopt;
    if (value->empty() || value->size() > max_size) {
        mistakes_.add(find(key)->node.place, fmt::format("{} is {}", key, value->empty() ? "empty" : "too long"),
                      fmt::format("Write 1 to {} characters.", max_size));
        return std::nullopt;
    }
    return *value;
}

std::optional<std::string> Fields::word(std::string_view key, std::span<const std::string_view> known) const {
    const auto* value = get<std::string>(key, "a word", fmt::format("\"{}\"", known.front()));
    if (value == nullptr) return std::nullopt;
    if (std::ranges::find(known, *value) != known.end()) return *value;
    mistakes_.add(find(key)->node.place,
                  fmt::format("unknown {} {}{}", key, in_quotes(*value), did_you_mean(*value, known)),
                  fmt::format("Known here: {}.", listed(known)));
    return std::nullopt;
}

std::vector<std::string> Fields::words(std::string_view key, std::span<const std::string_view> known) const {
    const auto* nodes = get<TomlList>(key, "a list", fmt::format("[\"{}\"]", known.front()));
    if (nodes == nullptr) return {};
    std::vector<std::string> words;
    for (const TomlNode& node : *nodes) {
        const auto* word = std::get_if<std::string>(&node.value);
        if (word == nullptr) {
            mistakes_.add(node.place, fmt::format("{} holds {}, not only words", key, kind_of(node)),
                          fmt::format("Write it like {} = [\"{}\"].", key, known.front()));
            return {};
        }
        if (std::ranges::find(known, *word) == known.end()) {
            mistakes_.add(node.place, fmt::format("unknown {} {}{}", key, in_quotes(*word), did_you_mean(*word, known)),
                          fmt::format("Known here: {}.", listed(known)));
            return {};
        }
        if (std::ranges::find(words, *word) != words.end()) {
            mistakes_.add(node.place, fmt::format("{} names {} twice", key, in_quotes(*word)), "Name each word once.");
            return {};
        }
        words.push_back(*word);
    }
    return words;
}

std::optional<bool> Fields::boolean(std::string_view key) const {
    const auto* value = get<bool>(key, "true or false", "true");
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::int64_t> Fields::integer(std::string_view key, Range<std::int64_t> range) const {
    const auto* value = get<std::int64_t>(key, "a whole number", std::to_string(range.low));
    if (value == nullptr) return std::nullopt;
    const bool one = range.low == range.high;
    return in_range(*find(key), *value, range,
                    one ? std::to_string(range.low) : fmt::format("{} to {}", range.low, range.high));
}

std::optional<double> Fields::number(std::string_view key, Range<double> range) const {
    const auto* value = get<double>(key, "a number with a point", fmt::format("{}", range.high));
    if (value == nullptr) return std::nullopt;
    if (*value >= range.low && *value <= range.high) return *value;  // also refuses nan
    mistakes_.add(find(key)->node.place, fmt::format("{} is out of range", key),
                  fmt::format("{} may be {} to {}.", key, range.low, range.high));
    return std::nullopt;
}

std::optional<std::int64_t> Fields::duration_ns(std::string_view key, Range<std::int64_t> range) const {
    const auto* value = get<std::string>(key, "a duration with its unit", "\"0.5 s\"");
    if (value == nullptr) return std::nullopt;
    const auto duration = parse_duration(*value);
    if (!duration) {
        mistakes_.add(find(key)->node.place, fmt::format("{}: {}", key, duration.error().what), duration.error().fix);
        return std::nullopt;
    }
    return in_range(
        *find(key), *duration, range,
        format_duration(static_cast<double>(range.low)) + " to " + format_duration(static_cast<double>(range.high)));
}

std::optional<std::int64_t> Fields::size_bytes(std::string_view key, Range<std::int64_t> range) const {
    const auto* value = get<std::string>(key, "a size with its unit", "\"16 GiB\"");
    if (value == nullptr) return std::nullopt;
    const auto bytes = parse_bytes(*value);
    if (!bytes) {
        mistakes_.add(find(key)->node.place, fmt::format("{}: {}", key, bytes.error().what), bytes.error().fix);
        return std::nullopt;
    }
    return in_range(*find(key), *bytes, range, format_bytes(range.low) + " to " + format_bytes(range.high));
}

std::optional<std::int64_t> Fields::clock_mhz(std::string_view key, Range<std::int64_t> range) const {
    const auto* value = get<std::string>(key, "a clock with its unit", "\"1230 MHz\"");
    if (value == nullptr) return std::nullopt;
    const auto clock = parse_clock(*value);
    if (!clock) {
        mistakes_.add(find(key)->node.place, fmt::format("{}: {}", key, clock.error().what), clock.error().fix);
        return std::nullopt;
    }
    return in_range(*find(key), *clock, range, fmt::format("{} MHz to {} MHz", range.low, range.high));
}

std::optional<double> Fields::percent(std::string_view key, Range<double> range) const {
    const auto* value = get<std::string>(key, "a percentage", "\"3 %\"");
    if (value == nullptr) return std::nullopt;
    const auto fraction = parse_percent(*value);
    if (!fraction) {
        mistakes_.add(find(key)->node.place, fmt::format("{}: {}", key, fraction.error().what), fraction.error().fix);
        return std::nullopt;
    }
    if (*fraction >= range.low && *fraction <= range.high) return *fraction;
    mistakes_.add(find(key)->node.place, fmt::format("{} is out of range", key),
                  fmt::format("{} may be {:g} % to {:g} %.", key, range.low * 100, range.high * 100));
    return std::nullopt;
}

const TomlTable* Fields::table(std::string_view key) const { return get<TomlTable>(key, "a table", "{ ... }"); }

const TomlList* Fields::list(std::string_view key) const { return get<TomlList>(key, "a list", "[ ... ]"); }

}  // namespace passbench

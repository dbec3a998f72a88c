// What the readers of scenarios and labs share: collecting mistakes, and taking typed fields out of a table. A field that
// is absent or wrong is an empty optional; wrong ones are in the list of mistakes then.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/scenario/document.hpp"

namespace passbench {

class Mistakes {
public:
    void add(const Place& place, std::string what, std::string fix);
    [[nodiscard]] bool empty() const { return list_.empty(); }
    /// As the file runs: at most max_reported_mistakes, and one more that counts the rest.
    [[nodiscard]] std::vector<Error> in_order() const;

private:
    struct Mistake {
        Place place;
        Error error;
    };
    std::vector<Mistake> list_;
};

/// "alpha, beta and gamma"
[[nodiscard]] std::string listed(std::span<const std::string_view> words);
/// "; did you mean 'workload'?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);
/// 'word', cut where it is long.
[[nodiscard]] std::string in_quotes(std::string_view word);

template <typename T>
struct Range {
    T low;
    T high;
};

/// One table and the keys that it may have; others are mistakes.
class Fields {
public:
    /// `of` names the table in messages: "[[case]]". Reports unknown keys at once.
    Fields(const TomlTable& table, std::string_view of, std::span<const std::string_view> known, Mistakes& mistakes);

    [[nodiscard]] const TomlEntry* find(std::string_view key) const { return find_entry(table_, key); }

    [[nodiscard]] std::optional<std::string> text(std::string_view key, std::size_t max_size) const;
    [[nodiscard]] std::optional<std::string> word(std::string_view key, std::span<const std::string_view> known) const;
    /// Each of them one of `known`, none twice; empty where the field is absent or has a mistake.
    [[nodiscard]] std::vector<std::string> words(std::string_view key, std::span<const std::string_view> known) const;
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, Range<std::int64_t> range) const;
    [[nodiscard]] std::optional<double> number(std::string_view key, Range<double> range) const;
    [[nodiscard]] std::optional<std::int64_t> duration_ns(std::string_view key, Range<std::int64_t> range) const;
    [[nodiscard]] std::optional<std::int64_t> size_bytes(std::string_view key, Range<std::int64_t> range) const;
    [[nodiscard]] std::optional<std::int64_t> clock_mhz(std::string_view key, Range<std::int64_t> range) const;
    [[nodiscard]] std::optional<double> percent(std::string_view key, Range<double> range) const;
    [[nodiscard]] const TomlTable* table(std::string_view key) const;
    [[nodiscard]] const TomlList* list(std::string_view key) const;

private:
    /// The field's value if it is a T; a mistake that says `needed` if it is something else.
    template <typename T>
    [[nodiscard]] const T* get(std::string_view key, std::string_view needed, std::string_view example) const;
    [[nodiscard]] std::optional<std::int64_t> in_range(const TomlEntry& entry, std::int64_t value,
                                                       Range<std::int64_t> range, const std::string& allowed) const;

    const TomlTable& table_;
    Mistakes& mistakes_;
};

}  // namespace passbench

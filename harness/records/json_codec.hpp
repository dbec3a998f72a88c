// What all codecs of the records share: parsing with limits, typed getters that name the place in the document, and writing
// that is the same byte for byte everywhere. For the .cpp files of codecs alone, here and where other rooms keep records of
// their own (the engine's journal, steps and quarantine); the one header that knows nlohmann-json. The getters throw
// BadDocument, which decode() turns into an Error: no exception leaves a codec.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/core/result.hpp"
#include "harness/records/facts.hpp"

namespace passbench::codec {

/// Keys sorted, so that equal content is equal bytes.
using Json = nlohmann::json;

/// Every document and every line says what it is.
struct Format {
    std::string_view name;  // passbench.plan
    std::int64_t version;
};

/// Limits of what is read at all.
inline constexpr std::size_t max_depth = 64;
inline constexpr std::size_t max_line_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_document_bytes = std::size_t{64} << 20;
inline constexpr std::size_t max_plan_bytes = std::size_t{256} << 20;  // 100,000 cases in 24 blocks of 3 trials

class BadDocument {
public:
    explicit BadDocument(Error error) : error_(std::move(error)) {}
    [[nodiscard]] const Error& error() const { return error_; }

private:
    Error error_;
};

/// A value in a document and the way there. Lives on the stack, no longer than the place it came from.
class Place {
public:
    explicit Place(const Json& root) : value_(root) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() = default;

    /// cases[3].parameters.bytes
    [[nodiscard]] std::string path() const;
    [[noreturn]] void refuse(const std::string& problem) const;

    [[nodiscard]] Place member(std::string_view key) const&;
    Place member(std::string_view key) const&& = delete;
    [[nodiscard]] bool has(std::string_view key) const;

    [[nodiscard]] std::int64_t as_integer(std::int64_t low, std::int64_t high) const;
    [[nodiscard]] std::uint64_t as_unsigned() const;
    [[nodiscard]] double as_number(double low, double high) const;
    [[nodiscard]] bool as_boolean() const;
    [[nodiscard]] std::string as_text() const;
    [[nodiscard]] Fact as_fact() const;

    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t low = 0,
                                       std::int64_t high = std::numeric_limits<std::int64_t>::max()) const {
        return member(key).as_integer(low, high);
    }
    [[nodiscard]] int small(std::string_view key, int low = 0, int high = std::numeric_limits<int>::max()) const {
        return static_cast<int>(integer(key, low, high));
    }
    [[nodiscard]] double number(std::string_view key, double low = std::numeric_limits<double>::lowest(),
                                double high = std::numeric_limits<double>::max()) const {
        return member(key).as_number(low, high);
    }
    [[nodiscard]] std::optional<double> optional_number(std::string_view key) const;
    [[nodiscard]] bool boolean(std::string_view key) const { return member(key).as_boolean(); }
    [[nodiscard]] std::string text(std::string_view key) const { return member(key).as_text(); }
    [[nodiscard]] std::string nonempty_text(std::string_view key) const;
    /// "" where the key is absent.
    [[nodiscard]] std::string text_or_empty(std::string_view key) const { return has(key) ? text(key) : std::string(); }
    [[nodiscard]] Facts facts(std::string_view key) const;

    /// The one of `words` whose to_string is the text of `key`.
    template <typename Enum>
    [[nodiscard]] Enum word(std::string_view key, std::initializer_list<Enum> words) const {
        const Place place = member(key);
        const std::string written = place.as_text();
        std::string known;
        for (const Enum candidate : words) {
            if (to_string(candidate) == written) return candidate;
            known += (known.empty() ? "" : ", ") + std::string(to_string(candidate));
        }
        place.refuse("expected one of " + known);
    }

    /// Calls `take(place)` for each element of the array, of which there may be at most `max_count`.
    template <typename Take>
    void each(std::string_view key, std::size_t max_count, Take&& take) const {
        const Place array = member(key);
        array.check_array(max_count);
        for (std::size_t index = 0; index < array.value_.size(); ++index) {
            const Place element(array.value_[index], array, {}, index);
            take(element);
        }
    }
    /// The texts of an array; none where the key is absent.
    [[nodiscard]] std::vector<std::string> texts_or_none(std::string_view key) const;
    /// Calls `take(key, place)` for each member of the object.
    template <typename Take>
    void each_member(std::string_view key, Take&& take) const {
        const Place object = member(key);
        object.check_object();
        for (const auto& item : object.value_.items()) {
            const Place value(item.value(), object, item.key(), 0);
            take(item.key(), value);
        }
    }
    /// An element of an array, for rows such as ["i64",0].
    [[nodiscard]] std::int64_t integer_at(std::size_t index, std::int64_t low, std::int64_t high) const;
    [[nodiscard]] std::string text_at(std::size_t index) const;
    void check_array(std::size_t max_count) const;
    [[nodiscard]] std::size_t size() const { return value_.size(); }

private:
    Place(const Json& value, const Place& parent, std::string_view key, std::size_t index)
        : value_(value), parent_(&parent), key_(key), index_(index) {}
    void check_object() const;

    const Json& value_;
    const Place* parent_ = nullptr;
    std::string_view key_;  // empty: an element of an array
    std::size_t index_ = 0;
};

/// Parses within the limits. Throws BadDocument.
[[nodiscard]] Json parse(std::string_view text, std::size_t max_bytes);
/// Throws BadDocument where the document is something else, or of an unknown version.
void check_format(const Place& document, const Format& format);
/// The error that an exception of the library becomes.
[[nodiscard]] Error error_of(const nlohmann::json::exception& exception);

/// Runs `decode(root)`, turning everything thrown on the way into an Error `bad_record`.
template <typename Decode>
[[nodiscard]] auto decode(std::string_view text, std::size_t max_bytes, Decode&& decode_root)
    -> Result<std::invoke_result_t<Decode, const Json&>> {
    try {
        const Json root = parse(text, max_bytes);
        return decode_root(root);
    } catch (const BadDocument& bad) {
        return fail(bad.error());
    } catch (const nlohmann::json::exception& exception) {
        return fail(error_of(exception));
    }
}

/// The same for a document of one format.
template <typename Decode>
[[nodiscard]] auto decode(std::string_view text, const Format& format, std::size_t max_bytes, Decode&& decode_root)
    -> Result<std::invoke_result_t<Decode, const Place&>> {
    return decode(text, max_bytes, [&](const Json& root) {
        const Place document(root);
        check_format(document, format);
        return decode_root(document);
    });
}

/// A new document with `format` and `version`.
[[nodiscard]] Json begin(const Format& format);
/// Sets the number; a number that is not finite stays absent, for JSON has none.
void put(Json& object, const char* key, double value);
void put(Json& object, const char* key, const std::optional<double>& value);
/// Sets the text where there is one.
void put_unless_empty(Json& object, const char* key, const std::string& text);
[[nodiscard]] Json encode(const Facts& facts);

/// Indent 1, rows of scalars on one line, a newline at the end.
[[nodiscard]] std::string to_document(const Json& root);
/// One line without its newline: lines, and what digests are made of.
[[nodiscard]] std::string to_compact(const Json& root);

}  // namespace passbench::codec

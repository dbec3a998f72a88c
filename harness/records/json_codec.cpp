#include "harness/records/json_codec.hpp"

#include <algorithm>
#include <cmath>

namespace passbench::codec {
namespace {

constexpr std::string_view restore_fix =
    "Restore the file from a copy, or measure again; it was changed or damaged after it was written.";

Error bad_record(std::string what, std::string_view fix = restore_fix) {
    return {.code = ErrorCode::bad_record, .what = std::move(what), .fix = std::string(fix)};
}

/// How deep brackets nest. The library would build any depth that memory allows.
std::size_t depth_of(std::string_view text) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    bool in_string = false;
    for (std::size_t position = 0; position < text.size(); ++position) {
        const char character = text[position];
        if (in_string) {
            if (character == '\\') ++position;
            if (character == '"') in_string = false;
        } else if (character == '"') {
            in_string = true;
        } else if (character == '[' || character == '{') {
            deepest = std::max(deepest, ++depth);
        } else if ((character == ']' || character == '}') && depth > 0) {
            --depth;
        }
    }
    return deepest;
}

std::string compact(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

bool is_row(const Json& value) {
    return value.is_array() &&
           std::none_of(value.begin(), value.end(), [](const Json& item) { return item.is_structured(); });
}

void write_indented(const Json& value, std::size_t depth, std::string& out) {
    if (!value.is_structured() || value.empty() || is_row(value)) {
        out += compact(value);
        return;
    }
    const bool is_object = value.is_object();
    out += is_object ? '{' : '[';
    bool first = true;
    for (const auto& item : value.items()) {
        out += first ? "\n" : ",\n";
        first = false;
        out.append(depth + 1, ' ');
        if (is_object) out += compact(Json(item.key())) + ": ";
        write_indented(item.value(), depth + 1, out);
    }
    out += '\n';
    out.append(depth, ' ');
    out += is_object ? '}' : ']';
}

}  // namespace

std::string Place::path() const {
    if (parent_ == nullptr) return "";
    const std::string before = parent_->path();
    if (key_.empty()) return before + "[" + std::to_string(index_) + "]";
    return before.empty() ? std::string(key_) : before + "." + std::string(key_);
}

void Place::refuse(const std::string& problem) const {
    const std::string here = path();
    throw BadDocument(bad_record((here.empty() ? "the document" : here) + ": " + problem));
}

Place Place::member(std::string_view key) const& {
    check_object();
    const auto found = value_.find(key);
    if (found == value_.end()) refuse("the key '" + std::string(key) + "' is missing");
    return {*found, *this, key, 0};
}

bool Place::has(std::string_view key) const {
    check_object();
    return value_.contains(key);
}

std::int64_t Place::as_integer(std::int64_t low, std::int64_t high) const {
    if (!value_.is_number_integer()) refuse("expected an integer");
    const bool fits =
        !value_.is_number_unsigned() ||
        value_.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!fits || value_.get<std::int64_t>() < low || value_.get<std::int64_t>() > high) {
        refuse("expected an integer from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return value_.get<std::int64_t>();
}

std::uint64_t Place::as_unsigned() const {
    if (!value_.is_number_unsigned()) refuse("expected an integer that is not negative");
    return value_.get<std::uint64_t>();
}

double Place::as_number(double low, double high) const {
    if (!value_.is_number()) refuse("expected a number");
    const auto number = value_.get<double>();
    if (!std::isfinite(number) || number < low || number > high) {
        refuse("expected a finite number from " + compact(Json(low)) + " to " + compact(Json(high)));
    }
    return number;
}

bool Place::as_boolean() const {
    if (!value_.is_boolean()) refuse("expected true or false");
    return value_.get<bool>();
}

std::string Place::as_text() const {
    if (!value_.is_string()) refuse("expected a text");
    return value_.get<std::string>();
}

Fact Place::as_fact() const {
    if (value_.is_boolean()) return value_.get<bool>();
    if (value_.is_string()) return value_.get<std::string>();
    if (value_.is_number_float())
        return as_number(std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
    if (!value_.is_number()) refuse("expected a text, a number, true or false");
    return as_integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

std::optional<double> Place::optional_number(std::string_view key) const {
    if (!has(key)) return std::nullopt;
    return number(key);
}

std::string Place::nonempty_text(std::string_view key) const {
    const Place place = member(key);
    std::string result = place.as_text();
    if (result.empty()) place.refuse("expected a text that is not empty");
    return result;
}

Facts Place::facts(std::string_view key) const {
    Facts result;
    each_member(key, [&](const std::string& name, const Place& value) { result.emplace(name, value.as_fact()); });
    return result;
}

std::int64_t Place::integer_at(std::size_t index, std::int64_t low, std::int64_t high) const {
    return Place(value_[index], *this, {}, index).as_integer(low, high);
}

std::vector<std::string> Place::texts_or_none(std::string_view key) const {
    constexpr std::size_t max_texts = 10'000;
    std::vector<std::string> texts;
    if (has(key)) each(key, max_texts, [&](const Place& text) { texts.push_back(text.as_text()); });
    return texts;
}

std::string Place::text_at(std::size_t index) const { return Place(value_[index], *this, {}, index).as_text(); }

void Place::check_array(std::size_t max_count) const {
    if (!value_.is_array()) refuse("expected an array");
    if (value_.size() > max_count) {
        refuse("expected at most " + std::to_string(max_count) + " elements, there are " +
               std::to_string(value_.size()));
    }
}

void Place::check_object() const {
    if (!value_.is_object()) refuse("expected an object");
}

Json parse(std::string_view text, std::size_t max_bytes) {
    if (text.size() > max_bytes) {
        throw BadDocument(bad_record("it is " + std::to_string(text.size()) + " bytes long, more than the " +
                                     std::to_string(max_bytes) + " that are read"));
    }
    if (depth_of(text) > max_depth) {
        throw BadDocument(bad_record("its brackets nest deeper than " + std::to_string(max_depth)));
    }
    return Json::parse(text);
}

void check_format(const Place& document, const Format& format) {
    const std::string name = document.text("format");
    if (name != format.name) {
        throw BadDocument(bad_record(
            "this is a document of the format '" + name.substr(0, 64) + "', not '" + std::string(format.name) + "'",
            "Check that the path is the one that was meant."));
    }
    const std::int64_t version = document.integer("version", 1);
    if (version != format.version) {
        throw BadDocument(bad_record("this is version " + std::to_string(version) + " of " + std::string(format.name) +
                                         ", and only version " + std::to_string(format.version) + " is known here",
                                     "Read it with the newer passbench that wrote it."));
    }
}

Error error_of(const nlohmann::json::exception& exception) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: ..." -> what a person needs of it
    std::string words = exception.what();
    if (const std::size_t end = words.find("] "); words.starts_with('[') && end != std::string::npos)
        words.erase(0, end + 2);
    return bad_record("it is not JSON: " + words.substr(0, 300));
}

Json begin(const Format& format) { return {{"format", format.name}, {"version", format.version}}; }

void put(Json& object, const char* key, double value) {
    if (std::isfinite(value)) object[key] = value;
}

void put(Json& object, const char* key, const std::optional<double>& value) {
    if (value) put(object, key, *value);
}

void put_unless_empty(Json& object, const char* key, const std::string& text) {
    if (!text.empty()) object[key] = text;
}

Json encode(const Facts& facts) {
    Json object = Json::object();
    for (const auto& [key, fact] : facts) {
        const auto* number = std::get_if<double>(&fact);
        if (number != nullptr && !std::isfinite(*number)) continue;
        std::visit([&object, &name = key](const auto& value) { object[name] = value; }, fact);
    }
    return object;
}

std::string to_document(const Json& root) {
    std::string text;
    write_indented(root, 0, text);
    text += '\n';
    return text;
}

std::string to_compact(const Json& root) { return compact(root); }

}  // namespace passbench::codec

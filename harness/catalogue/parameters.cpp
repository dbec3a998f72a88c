// Checking and completing the parameters of a case against the catalogue.
#include <algorithm>
#include <bit>

#include "harness/catalogue/workload.hpp"
#include "harness/core/units.hpp"

namespace passbench {

namespace {

bool takes_integers(const Parameter& parameter) { return parameter.high >= parameter.low; }

std::string integer_text(const Parameter& parameter, std::int64_t value) {
    return parameter.unit == "B" ? format_bytes(value) : std::to_string(value);
}

Error not_allowed(const Parameter& parameter, std::string what) {
    return {.code = ErrorCode::usage,
            .what = std::move(what),
            .fix = std::string(parameter.name) + " takes " + allowed_values(parameter) + "."};
}

Result<Value> check_integer(const Parameter& parameter, std::int64_t value) {
    const std::string name(parameter.name);
    if (!takes_integers(parameter)) {
        // A word that looks like a number ("8" among "0.5", "8") may be written as one.
        const std::string word = std::to_string(value);
        if (std::ranges::find(parameter.words, word) != parameter.words.end()) return word;
        return fail(
            not_allowed(parameter, name + " = " + std::to_string(value) + " is a number where a word is needed"));
    }
    if (value < parameter.low || value > parameter.high) {
        return fail(not_allowed(parameter, name + " = " + std::to_string(value) + " is out of range"));
    }
    if (value % parameter.multiple_of != 0) {
        return fail(not_allowed(parameter, name + " = " + std::to_string(value) + " is not a multiple of " +
                                               std::to_string(parameter.multiple_of)));
    }
    if (parameter.power_of_two && !std::has_single_bit(static_cast<std::uint64_t>(value))) {
        return fail(not_allowed(parameter, name + " = " + std::to_string(value) + " is not a power of two"));
    }
    return value;
}

bool starts_like_a_number(std::string_view text) {
    return !text.empty() && (text.front() == '-' || text.front() == '+' || text.front() == '.' ||
                             (text.front() >= '0' && text.front() <= '9'));
}

Error unknown_parameter(const Workload& workload, std::string_view name) {
    std::vector<std::string_view> known;
    std::string list;
    for (const Parameter& parameter : workload.parameters) {
        known.push_back(parameter.name);
        if (!list.empty()) list += ", ";
        list += parameter.name;
    }
    std::string what = std::string(workload.name) + " has no parameter '" + std::string(name) + "'";
    if (const auto near = nearest_word(name, known)) what += "; did you mean '" + *near + "'?";
    return {
        .code = ErrorCode::usage,
        .what = std::move(what),
        .fix = "Its parameters are " + list + "; `passbench help " + std::string(workload.name) + "` explains them."};
}

bool has_meaning(const Parameter& parameter, const Parameters& complete) {
    if (!parameter.only_where) return true;
    const auto other = complete.find(parameter.only_where->parameter);
    if (other == complete.end()) return true;
    return std::ranges::find(parameter.only_where->words, to_string(other->second)) !=
           parameter.only_where->words.end();
}

}  // namespace

std::string allowed_values(const Parameter& parameter) {
    std::vector<std::string> alternatives;
    if (takes_integers(parameter)) {
        std::string range = integer_text(parameter, parameter.low) + " to " + integer_text(parameter, parameter.high);
        if (parameter.multiple_of != 1) range += " in multiples of " + std::to_string(parameter.multiple_of);
        if (parameter.power_of_two) range += ", powers of two";
        alternatives.push_back(std::move(range));
    }
    alternatives.insert(alternatives.end(), parameter.words.begin(), parameter.words.end());
    std::string text = alternatives.front();
    for (std::size_t i = 1; i < alternatives.size(); ++i) {
        text += i + 1 == alternatives.size() ? " or " : ", ";
        text += alternatives[i];
    }
    return text;
}

Result<Value> check_value(const Parameter& parameter, const Value& given) {
    if (const auto* number = std::get_if<std::int64_t>(&given)) return check_integer(parameter, *number);
    const auto& word = std::get<std::string>(given);
    if (std::ranges::find(parameter.words, word) != parameter.words.end()) return given;

    if (parameter.unit == "B" && starts_like_a_number(word)) {
        auto bytes = parse_bytes(word);
        if (bytes) return check_integer(parameter, *bytes);
        Error error = std::move(bytes).error();
        error.what = std::string(parameter.name) + ": " + error.what;
        return fail(std::move(error));
    }
    std::string what = std::string(parameter.name) + " = '" + word + "' is not known";
    if (takes_integers(parameter) && starts_like_a_number(word)) {
        what = std::string(parameter.name) + " = '" + word + "' is a text where a number is needed";
    }
    if (const auto near = nearest_word(word, parameter.words)) what += "; did you mean '" + *near + "'?";
    return fail(not_allowed(parameter, std::move(what)));
}

Result<Parameters> complete_parameters(const Workload& workload, Form form, const Parameters& given) {
    for (const auto& [name, value] : given) {
        if (find_parameter(workload, name) == nullptr) return fail(unknown_parameter(workload, name));
    }
    Parameters complete;
    for (const Parameter& parameter : workload.parameters) {
        if (std::ranges::find(parameter.forms, form) == parameter.forms.end()) continue;
        const auto value = given.find(parameter.name);
        if (value == given.end()) {
            complete.emplace(parameter.name, parameter.fallback);
            continue;
        }
        PASSBENCH_TRY(Value checked, check_value(parameter, value->second));
        complete.emplace(parameter.name, std::move(checked));
    }
    for (const Parameter& parameter : workload.parameters) {
        const auto value = complete.find(parameter.name);
        if (value != complete.end() && !has_meaning(parameter, complete)) value->second = parameter.fallback;
    }
    return complete;
}

}  // namespace passbench

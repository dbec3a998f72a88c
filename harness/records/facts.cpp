#include "harness/records/facts.hpp"

#include <array>
#include <charconv>

namespace passbench {
namespace {

template <typename T>
std::optional<T> fact_of(const Facts& facts, std::string_view key) {
    const auto found = facts.find(key);
    if (found == facts.end()) return std::nullopt;
    const T* value = std::get_if<T>(&found->second);
    return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

std::string text_of(const Facts& facts, const std::string& key) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string() : to_string(found->second);
}

}  // namespace

std::string to_string(const Fact& fact) {
    if (const auto* text = std::get_if<std::string>(&fact)) return *text;
    if (const auto* truth = std::get_if<bool>(&fact)) return *truth ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&fact)) return std::to_string(*integer);
    // The shortest text that reads back as the same double.
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), std::get<double>(fact));
    return {digits.data(), written.ptr};
}

std::optional<std::int64_t> fact_int(const Facts& facts, std::string_view key) {
    return fact_of<std::int64_t>(facts, key);
}

std::optional<double> fact_double(const Facts& facts, std::string_view key) {
    if (const auto integer = fact_int(facts, key)) return static_cast<double>(*integer);
    return fact_of<double>(facts, key);
}

std::optional<bool> fact_bool(const Facts& facts, std::string_view key) { return fact_of<bool>(facts, key); }

std::optional<std::string> fact_text(const Facts& facts, std::string_view key) {
    return fact_of<std::string>(facts, key);
}

std::vector<FactDifference> differences(const Facts& left, const Facts& right) {
    Facts all = left;
    all.insert(right.begin(), right.end());
    std::vector<FactDifference> result;
    for (const auto& [key, unused] : all) {
        const auto in_left = left.find(key);
        const auto in_right = right.find(key);
        if (in_left != left.end() && in_right != right.end() && in_left->second == in_right->second) continue;
        result.push_back({.key = key, .left = text_of(left, key), .right = text_of(right, key)});
    }
    return result;
}

std::string changes_text(const std::vector<FactDifference>& changes) {
    std::string text;
    for (const FactDifference& change : changes) {
        text += (text.empty() ? "" : "; ") + change.key + " was '" + change.left + "', now '" + change.right + "'";
    }
    return text;
}

}  // namespace passbench

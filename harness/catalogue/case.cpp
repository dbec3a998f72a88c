#include "harness/catalogue/case.hpp"

namespace passbench {

std::string_view to_string(Form form) { return form == Form::cpu ? "cpu" : "cuda"; }

Result<Form> parse_form(std::string_view text) {
    if (text == "cpu") return Form::cpu;
    if (text == "cuda") return Form::cuda;
    return fail({.code = ErrorCode::usage,
                 .what = "unknown form '" + std::string(text) + "'",
                 .fix = "The forms are cpu and cuda."});
}

std::string to_string(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return std::get<std::string>(value);
}

namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

}  // namespace

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    std::string encoded;
    for (const char character : text) {
        if (plain.find(character) != std::string_view::npos) {
            encoded += character;
            continue;
        }
        const auto byte = static_cast<unsigned char>(character);
        encoded += '%';
        encoded += digits[byte >> 4U];
        encoded += digits[byte & 0xFU];
    }
    return encoded;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            decoded += text[at];
            continue;
        }
        if (at + 2 >= text.size()) return std::nullopt;
        const std::size_t high = digits.find(text[at + 1]);
        const std::size_t low = digits.find(text[at + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        decoded += static_cast<char>(high * digits.size() + low);
        at += 2;
    }
    return decoded;
}

std::string case_name(std::string_view workload, Form form, const Parameters& parameters) {
    std::string name = percent_encoded(workload);
    name += '/';
    name += to_string(form);
    char separator = '?';
    for (const auto& [key, value] : parameters) {
        name += separator;
        name += percent_encoded(key);
        name += '=';
        name += percent_encoded(to_string(value));
        separator = '&';
    }
    return name;
}

}  // namespace passbench

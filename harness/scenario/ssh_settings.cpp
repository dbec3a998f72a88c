#include "harness/scenario/ssh_settings.hpp"

#include <algorithm>

namespace passbench {

namespace {

bool is_letter_or_digit(char character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/// "" where `text` is of letters, digits and `others`.
std::string why_not_of(std::string_view text, std::string_view others, std::size_t longest) {
    if (text.empty()) return "is empty";
    if (text.size() > longest) return "is longer than " + std::to_string(longest) + " characters";
    if (text.front() == '-') return "begins with '-', as an option does";
    const bool is_plain = std::all_of(text.begin(), text.end(), [&](char character) {
        return is_letter_or_digit(character) || others.find(character) != std::string_view::npos;
    });
    return is_plain ? "" : "has a character other than letters, digits and " + std::string(others);
}

}  // namespace

std::string why_no_address(std::string_view address) {
    constexpr std::size_t longest = 255;  // of a name in DNS
    return why_not_of(address, ".-_:%", longest);
}

std::string why_no_user(std::string_view user) {
    constexpr std::size_t longest = 128;
    return why_not_of(user, ".-_@+\\", longest);  // user@domain and DOMAIN\user too
}

std::string why_no_line(std::string_view text) {
    constexpr std::size_t longest = 4096;
    if (text.size() > longest) return "is longer than " + std::to_string(longest) + " characters";
    const bool is_line = std::none_of(text.begin(), text.end(), [](char character) {
        constexpr unsigned char first_printable = 0x20;
        constexpr unsigned char rubout = 0x7f;
        return static_cast<unsigned char>(character) < first_printable ||
               static_cast<unsigned char>(character) == rubout;
    });
    return is_line ? "" : "has a line break or another control character";
}

Result<void> check(const SshSettings& settings) {
    const auto refuse = [](std::string_view key, const std::string& why) {
        return fail({.code = ErrorCode::usage,
                     .what = std::string(key) + " " + why,
                     .where = "provider ssh",
                     .fix = "See [arm.NAME] in scenarios/lab.example.toml for what may stand there."});
    };
    constexpr int last_port = 65535;
    if (auto why = why_no_address(settings.address); !why.empty()) return refuse("address", why);
    if (auto why = why_no_user(settings.user); !settings.user.empty() && !why.empty()) return refuse("user", why);
    if (settings.port < 0 || settings.port > last_port) return refuse("port", "is not 1 to 65535");
    for (const auto& [key, value] :
         {std::pair("identity", &settings.identity), std::pair("known_hosts", &settings.known_hosts),
          std::pair("store", &settings.store)}) {
        if (auto why = why_no_line(*value); !why.empty()) return refuse(key, why);
    }
    for (const std::string& word : settings.proxy_command) {
        if (auto why = why_no_line(word); !why.empty()) return refuse("proxy_command", why);
    }
    return {};
}

std::string to_string(const SshSettings& settings) {
    std::string text = settings.user;
    if (!text.empty()) text += '@';
    text += settings.address;
    if (settings.port != 0) text.append(":").append(std::to_string(settings.port));
    return text;
}

}  // namespace passbench

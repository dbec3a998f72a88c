#include "host/survey/cards.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "host/survey/host_keys.hpp"

namespace passbench {

namespace {

constexpr std::string_view nvidia = "10de";

struct KnownDevices {
    CardFamily family;
    std::string_view devices;  // their ids, parted by blanks
};

// pciutils/pciids, the devices of the card table (facts 7.3).
constexpr std::array known_devices = {
    KnownDevices{CardFamily::t4, "1eb8"},
    KnownDevices{CardFamily::tesla, "1bb3 1b38 1db4 1db6 2236 2237 20b7 20b9 2235 20f1 20b5 27b8 26b5 26b9 2335 233b"},
    KnownDevices{CardFamily::quadro, "1cb1 1c30 1bb1 1bb0 1eb1 1eb0 1e30"},
    KnownDevices{CardFamily::rtx,
                 "1ff2 1fb1 1ff0 2531 2571 24b0 2231 2230 2232 2233 28b0 28b8 27b2 27b0 26b1 2bb1 2bb4 2bb5 2bb3 2c31 "
                 "2c34 2c33 2d30"},
    KnownDevices{CardFamily::geforce,
                 "1c82 1c03 1b06 2184 2182 1f08 1e89 1f03 1f02 1f07 1e82 1e87 1e04 1e07 2507 2503 2504 2484 2488 2206 "
                 "2216 2204 2882 2808 2786 2709 2704 2684 2d05 2f06 2b85 2c02 2f04 2d83"},
};

// A2 and A16 share their device id; the subsystem of NVIDIA's own A2 tells them apart (facts 7.3, 2.9).
constexpr std::string_view a2_or_a16 = "25b6";
constexpr std::string_view a2_subsystem_begin = "157e";

bool has_word(std::string_view name, std::string_view word) {
    const auto is_part = [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
               (character >= 'a' && character <= 'z');
    };
    for (auto at = name.find(word); at != std::string_view::npos; at = name.find(word, at + 1)) {
        const auto end = at + word.size();
        if ((at == 0 || !is_part(name[at - 1])) && (end == name.size() || !is_part(name[end]))) return true;
    }
    return false;
}

/// What the name says of a card whose id is not known here, or shared.
CardFamily family_of_name(std::string_view name) {
    if (has_word(name, "T4")) return CardFamily::t4;
    if (has_word(name, "A2")) return CardFamily::a2;
    if (has_word(name, "GeForce")) return CardFamily::geforce;
    if (has_word(name, "Quadro")) return CardFamily::quadro;
    if (has_word(name, "RTX")) return CardFamily::rtx;
    constexpr std::array tesla_words = {"Tesla", "A10", "A16",  "A30",  "A40", "A100",
                                        "L4",    "L40", "L40S", "H100", "H200"};
    const bool is_one = std::ranges::any_of(tesla_words, [&](std::string_view word) { return has_word(name, word); });
    return is_one ? CardFamily::tesla : CardFamily::other_nvidia;
}

}  // namespace

std::string_view to_string(CardFamily family) {
    switch (family) {
        case CardFamily::t4:
            return "T4";
        case CardFamily::a2:
            return "A2";
        case CardFamily::tesla:
            return "data-centre card";
        case CardFamily::geforce:
            return "GeForce";
        case CardFamily::quadro:
            return "Quadro";
        case CardFamily::rtx:
            return "RTX";
        case CardFamily::other_nvidia:
            return "NVIDIA card";
        case CardFamily::other:
            return "card of another maker";
    }
    return "card";
}

CardFamily card_family(const Facts& gpu) {
    if (fact_text(gpu, device_key::vendor) != nvidia) return CardFamily::other;
    const auto device = fact_text(gpu, device_key::device).value_or("");
    const auto name = fact_text(gpu, device_key::name).value_or("");
    if (device == a2_or_a16) {
        const bool is_a2 = fact_text(gpu, device_key::subsystem).value_or("").starts_with(a2_subsystem_begin);
        return is_a2 || has_word(name, "A2") ? CardFamily::a2 : CardFamily::tesla;
    }
    const auto* const known =
        std::ranges::find_if(known_devices, [&](const KnownDevices& each) { return has_word(each.devices, device); });
    return device.empty() || known == known_devices.end() ? family_of_name(name) : known->family;
}

bool is_tesla(CardFamily family) {
    return family == CardFamily::t4 || family == CardFamily::a2 || family == CardFamily::tesla;
}

}  // namespace passbench

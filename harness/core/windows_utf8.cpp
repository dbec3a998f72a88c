// Makes narrow text UTF-8 wherever a std::filesystem::path is made of it. libstdc++ asks mbrtowc() what narrow characters mean, and that
// of Windows' C library takes each byte for a letter; every program of ours is linked so that mbrtowc() is this one
// (LINKER:--wrap, harness/core/CMakeLists.txt). Nothing in libstdc++ asks it for another reason.
#include <cerrno>
#include <cstddef>
#include <cwchar>

namespace {

constexpr auto cut_short = static_cast<std::size_t>(-2);
constexpr auto no_text = static_cast<std::size_t>(-1);
// The state: what is left of a letter beyond 16 bits, whose first half was given, with this mark.
constexpr unsigned half_is_out = 0x10000;

std::size_t refuse() {
    errno = EILSEQ;
    return no_text;
}

struct Lead {
    std::size_t bytes;  // of the whole letter, 0: none begins so
    unsigned bits;
    unsigned least;  // a smaller letter has a shorter form
};

Lead lead_of(unsigned byte) {
    if (byte < 0x80) return {.bytes = 1, .bits = byte, .least = 0};
    if (byte >= 0xC2 && byte < 0xE0) return {.bytes = 2, .bits = byte & 0x1FU, .least = 0x80};
    if (byte >= 0xE0 && byte < 0xF0) return {.bytes = 3, .bits = byte & 0x0FU, .least = 0x800};
    if (byte >= 0xF0 && byte < 0xF5) return {.bytes = 4, .bits = byte & 0x07U, .least = 0x10000};
    return {.bytes = 0, .bits = 0, .least = 0};
}

}  // namespace

extern "C" std::size_t __wrap_mbrtowc(wchar_t* wide, const char* text, std::size_t size, std::mbstate_t* state);

// NOLINTNEXTLINE(bugprone-reserved-identifier): the linker's name for what stands in the place of mbrtowc()
extern "C" std::size_t __wrap_mbrtowc(wchar_t* wide, const char* text, std::size_t size, std::mbstate_t* state) {
    if (text == nullptr) {
        if (state != nullptr) *state = 0;
        return 0;
    }
    if (size == 0) return cut_short;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text);
    const auto give = [&](unsigned letter) {
        if (wide != nullptr) *wide = static_cast<wchar_t>(letter);
    };
    if (state != nullptr && (static_cast<unsigned>(*state) & half_is_out) != 0) {
        const unsigned rest = static_cast<unsigned>(*state) & 0xFFFFU;
        *state = 0;
        give(0xDC00U + ((rest << 6U) | (bytes[0] & 0x3FU)));
        return 1;
    }
    const Lead lead = lead_of(bytes[0]);
    if (lead.bytes == 0) return refuse();
    unsigned letter = lead.bits;
    for (std::size_t index = 1; index < lead.bytes; ++index) {
        if (index == size) return cut_short;
        if ((bytes[index] & 0xC0U) != 0x80) return refuse();
        letter = (letter << 6U) | (bytes[index] & 0x3FU);
    }
    const bool is_half = letter >= 0xD800 && letter < 0xE000;
    if (letter < lead.least || is_half || letter > 0x10FFFF) return refuse();
    if (letter < 0x10000) {
        give(letter);
        return letter == 0 ? 0 : lead.bytes;
    }
    if (state == nullptr) return refuse();
    // Two of Windows' characters: the first now, the second for the last byte.
    const unsigned offset = letter - 0x10000;
    give(0xD800U + (offset >> 10U));
    *state = static_cast<std::mbstate_t>(half_is_out | ((offset & 0x3FFU) >> 6U));
    return lead.bytes - 1;
}

#include "kernels/cpu/radix.hpp"

#include <algorithm>
#include <array>
#include <emmintrin.h>
#include <utility>

namespace passbench {

namespace {

constexpr unsigned key_bits = 32;
constexpr std::size_t keys_a_line = 16;
constexpr std::size_t line_bytes = 64;
// Below, clearing and adding up the counts takes longer than sorting by insertion.
constexpr std::size_t least_keys_to_count = 64;

template <unsigned bits>
constexpr std::size_t digits = std::size_t{1} << bits;

template <unsigned bits>
using DigitCounts = std::array<std::uint32_t, digits<bits>>;

template <unsigned bits>
constexpr std::size_t digit(std::uint32_t key, unsigned shift) {
    return (key >> shift) % digits<bits>;
}

/// visit(key) for all, several of which are loaded together: none then waits to know that no store before it changed it.
template <typename Visit>
void each_key(std::span<const std::uint32_t> keys, const Visit& visit) {
    constexpr std::size_t keys_a_turn = 8;
    std::size_t i = 0;
    for (; i + keys_a_turn <= keys.size(); i += keys_a_turn) {
        std::array<std::uint32_t, keys_a_turn> some;
        std::copy_n(keys.data() + i, keys_a_turn, some.begin());
#pragma GCC unroll 8
        for (std::size_t k = 0; k < keys_a_turn; ++k) visit(some[k]);
    }
    for (; i < keys.size(); ++i) visit(keys[i]);
}

template <unsigned high_bits>
void count_parts(std::span<const std::uint32_t> keys, std::uint32_t* counts) {
    std::fill_n(counts, digits<high_bits>, 0);
    each_key(keys, [=](std::uint32_t key) { ++counts[key >> (key_bits - high_bits)]; });
}

struct alignas(line_bytes) Line {
    std::uint32_t keys[keys_a_line];
};

template <Stores stores>
void write_line(std::uint32_t* out, const Line& line) {
    constexpr std::size_t keys_a_register = 4;
    for (std::size_t k = 0; k < keys_a_line; k += keys_a_register) {
        const __m128i some = _mm_load_si128(reinterpret_cast<const __m128i*>(line.keys + k));
        auto* const to = reinterpret_cast<__m128i*>(out + k);
        if constexpr (stores == Stores::nontemporal) {
            _mm_stream_si128(to, some);
        } else {
            _mm_store_si128(to, some);
        }
    }
}

/// With a line of each part gathered before it is written.
template <unsigned high_bits, Stores stores>
void divide_by_lines(std::span<const std::uint32_t> keys, std::uint32_t* out, std::uint32_t* places) {
    std::array<Line, digits<high_bits>> lines;
    DigitCounts<high_bits> first;
    std::copy_n(places, first.size(), first.begin());
    const auto write = [&](std::size_t part, std::size_t begin, std::size_t end) {
        for (std::size_t at = begin; at < end; ++at) out[at] = lines[part].keys[at % keys_a_line];
    };
    each_key(keys, [&](std::uint32_t key) {
        const std::size_t part = key >> (key_bits - high_bits);
        const std::size_t place = places[part]++;
        Line& line = lines[part];
        // A full line is written when its place is needed: just filled, it would still be on its way to the cache.
        if (place % keys_a_line == 0 && place > first[part]) {
            if (const std::size_t begin = place - keys_a_line; begin >= first[part]) {
                write_line<stores>(out + begin, line);
            } else {  // it begins with keys of others
                write(part, first[part], place);
            }
        }
        line.keys[place % keys_a_line] = key;
    });
    for (std::size_t part = 0; part < lines.size(); ++part) {
        const std::size_t end = places[part];
        if (end == first[part]) continue;
        write(part, std::max<std::size_t>(first[part], (end - 1) / keys_a_line * keys_a_line), end);
    }
    if constexpr (stores == Stores::nontemporal) _mm_sfence();
}

template <unsigned high_bits>
void divide(std::span<const std::uint32_t> keys, std::uint32_t* out, std::uint32_t* places, Stores stores) {
    if (stores == Stores::nontemporal) {
        divide_by_lines<high_bits, Stores::nontemporal>(keys, out, places);
    } else {
        divide_by_lines<high_bits, Stores::plain>(keys, out, places);
    }
}

void sort_by_insertion(std::span<const std::uint32_t> keys, std::span<std::uint32_t> out) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const std::uint32_t key = keys[i];
        std::size_t at = i;
        for (; at > 0 && out[at - 1] > key; --at) out[at] = out[at - 1];
        out[at] = key;
    }
}

template <unsigned bits, std::size_t passes>
void sort_part(std::span<std::uint32_t> other, std::span<std::uint32_t> sorted) {
    std::span<std::uint32_t> from = passes % 2 == 1 ? other : sorted;
    std::span<std::uint32_t> to = passes % 2 == 1 ? sorted : other;
    if (from.size() < least_keys_to_count) return sort_by_insertion(from, sorted);
    std::array<DigitCounts<bits>, passes> places{};
    each_key(from, [&](std::uint32_t key) {
        for (unsigned pass = 0; pass < passes; ++pass) ++places[pass][digit<bits>(key, pass * bits)];
    });
    for (unsigned pass = 0; pass < passes; ++pass) {
        std::uint32_t before = 0;
        for (std::uint32_t& place : places[pass]) before += std::exchange(place, before);
        std::uint32_t* const out = to.data();
        std::uint32_t* const of_digit = places[pass].data();
        each_key(from, [=](std::uint32_t key) { out[of_digit[digit<bits>(key, pass * bits)]++] = key; });
        std::swap(from, to);
    }
}

template <unsigned high_bits, unsigned bits>
constexpr RadixSort radix_sort() {
    constexpr std::size_t passes =
        (key_bits - high_bits + bits - 1) / bits;  // the last may see bits that are those of the part
    return {.parts = digits<high_bits>,
            .parts_begin_in_other = passes % 2 == 1,
            .count = &count_parts<high_bits>,
            .divide = &divide<high_bits>,
            .sort_part = &sort_part<bits, passes>};
}

// Two passes over a part where it is large enough to make up for clearing and adding up the counts of 11 bits.
constexpr RadixSort of_few = radix_sort<8, 8>();
constexpr RadixSort of_many = radix_sort<11, 11>();
constexpr std::size_t many = 1 << 22;

}  // namespace

const RadixSort& radix_sort_of(std::size_t count) { return count < many ? of_few : of_many; }

}  // namespace passbench

#include "kernels/cpu/memtest_inputs.hpp"

#include <cassert>

#include "harness/core/random.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

namespace {

constexpr std::uint64_t all_ones = ~std::uint64_t{0};

MemtestContent same_everywhere(std::uint64_t word) {
    return {.there = word, .elsewhere = word, .step = 0, .place = 0, .is_random = 0};
}

MemtestContent counting(std::uint64_t first, std::uint64_t step) {
    return {.there = first, .elsewhere = first, .step = step, .place = 0, .is_random = 0};
}

MemtestContent noise(std::uint64_t key, std::uint64_t turned) {
    return {.there = key, .elsewhere = turned, .step = 0, .place = 0, .is_random = 1};
}

/// Writes the first content, replaces each by the next after comparing it, reads the last one twice.
std::vector<MemtestPass> one_after_the_other(const std::vector<MemtestContent>& contents) {
    std::vector<MemtestPass> passes = {{.expected = std::nullopt, .written = contents.front()}};
    for (std::size_t i = 1; i < contents.size(); ++i) {
        passes.push_back({.expected = contents[i - 1], .written = contents[i]});
    }
    for (int read = 0; read < 2; ++read) passes.push_back({.expected = contents.back(), .written = std::nullopt});
    return passes;
}

std::vector<MemtestContent> inversions(std::uint64_t key) {
    constexpr std::uint64_t every_other_bit = 0x5555555555555555ULL;
    std::vector<MemtestContent> contents;
    for (const std::uint64_t word : {std::uint64_t{0}, every_other_bit, pattern_word(key, 0)}) {
        for (const std::uint64_t turned : {word, ~word, word}) contents.push_back(same_everywhere(turned));
    }
    return contents;
}

std::vector<MemtestContent> modulo(std::uint64_t key) {
    std::vector<MemtestContent> contents;
    for (std::uint32_t place = 0; place < memtest_period; ++place) {
        const std::uint64_t word = pattern_word(key, place);
        contents.push_back({.there = word, .elsewhere = ~word, .step = 0, .place = place, .is_random = 0});
    }
    return contents;
}

/// How many of the numbers [0, end) are `place` modulo the period.
std::uint64_t places_below(std::uint64_t end, std::uint32_t place) {
    return end / memtest_period + (end % memtest_period > place ? 1 : 0);
}

/// 0 + 1 + ... + (end - 1), modulo 2^64: of two neighbours one is even.
std::uint64_t sum_below(std::uint64_t end) {
    if (end == 0) return 0;
    return end % 2 == 0 ? end / 2 * (end - 1) : (end - 1) / 2 * end;
}

}  // namespace

std::vector<MemtestPass> memtest_passes(std::string_view pattern, std::uint64_t seed) {
    const std::uint64_t key = derive_seed(seed, "memtest");
    if (pattern == "address") return one_after_the_other({counting(key, 1), counting(~key, all_ones)});
    if (pattern == "inversions") return one_after_the_other(inversions(key));
    if (pattern == "random") return one_after_the_other({noise(key, 0), noise(key, all_ones)});
    if (pattern == "modulo20") return one_after_the_other(modulo(key));
    assert(pattern == "fade");
    // Each bit is left alone once as 0 and once as 1.
    const std::uint64_t word = pattern_word(key, 0);
    std::vector<MemtestPass> passes = one_after_the_other({same_everywhere(word), same_everywhere(~word)});
    passes[1].rests = passes[2].rests = true;
    return passes;
}

std::uint64_t memtest_word(const MemtestContent& content, std::uint64_t i) {
    if (content.is_random != 0) return pattern_word(content.there, i) ^ content.elsewhere;
    return (i % memtest_period == content.place ? content.there : content.elsewhere) + content.step * i;
}

std::uint64_t memtest_sum(const MemtestContent& content, std::uint64_t begin, std::uint64_t end) {
    std::uint64_t sum = (end - begin) * memtest_salt;
    if (content.is_random != 0) {
        for (std::uint64_t i = begin; i < end; ++i) sum += memtest_word(content, i);
        return sum;
    }
    const std::uint64_t there = places_below(end, content.place) - places_below(begin, content.place);
    sum += there * content.there + (end - begin - there) * content.elsewhere;
    return sum + content.step * (sum_below(end) - sum_below(begin));
}

std::array<PlantedError, 5> memtest_planted(std::uint64_t seed, std::uint64_t words) {
    assert(words >= 64);
    const std::uint64_t key = derive_seed(seed, "memtest/planted");
    const auto between = [&](std::uint64_t part) {  // each in a quarter of its own
        return 1 + part * (words / 4) + pattern_word(key, part) % (words / 4);
    };
    std::array<PlantedError, 5> planted = {{{0, 0}, {between(0), 0}, {between(1), 0}, {between(2), 0}, {words - 1, 0}}};
    for (std::size_t i = 0; i < planted.size(); ++i) {
        // One bit of some, several of others, never none.
        const std::uint64_t one = std::uint64_t{1} << (pattern_word(key, 100 + i) % 64);
        planted[i].bits = i % 2 == 0 ? one : one | pattern_word(key, 200 + i);
    }
    return planted;
}

}  // namespace passbench

// How all fuzz targets change their input. What they read are texts with numbers, and libFuzzer, which changes bytes, seldom
// comes to a number's limits. So three times out of four a number becomes one at which a type or a format ends.
#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr std::array<std::string_view, 8> edges = {
    "-1", "0", "1", "64", "2147483648", "9223372036854775807", "18446744073709551615", "1e309"};

struct Word {
    std::size_t begin;
    std::size_t size;
};

bool is_digit(char character) { return std::isdigit(static_cast<unsigned char>(character)) != 0; }
bool is_in_word(char character) { return std::isalnum(static_cast<unsigned char>(character)) != 0; }

/// Words of digits alone: not what is in `i64` or in a digest.
std::vector<Word> numbers_of(std::string_view text) {
    std::vector<Word> numbers;
    for (auto begin = text.begin(); begin != text.end();) {
        begin = std::find_if(begin, text.end(), is_in_word);
        const auto end = std::find_if_not(begin, text.end(), is_in_word);
        if (begin != end && std::all_of(begin, end, is_digit)) {
            numbers.push_back({static_cast<std::size_t>(begin - text.begin()), static_cast<std::size_t>(end - begin)});
        }
        begin = end;
    }
    return numbers;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
    std::mt19937 random(seed);
    std::string text(reinterpret_cast<const char*>(data), size);
    const std::vector<Word> numbers = numbers_of(text);
    if (numbers.empty() || random() % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
    const Word chosen = numbers[random() % numbers.size()];
    text.replace(chosen.begin, chosen.size, edges[random() % edges.size()]);
    if (text.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
    std::copy(text.begin(), text.end(), data);
    return text.size();
}

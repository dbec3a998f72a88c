#include "kernels/cpu/copy_inputs.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);

}  // namespace

void CopyInputs::fill_words(std::span<std::byte> buffer, const Share& share, std::uint64_t flip) const {
    for (std::size_t at = share.begin; at < share.end; at += word_bytes) {
        const std::uint64_t word = pattern_word(key_, at / word_bytes) ^ flip;
        std::memcpy(buffer.data() + at, &word, std::min(word_bytes, share.end - at));
    }
}

Result<void> CopyInputs::check(ThreadPool& pool, int threads, std::span<const std::byte> copied,
                               std::string_view copy) const {
    const std::size_t words = (copied.size() + word_bytes - 1) / word_bytes;
    const auto wrong = first_wrong(pool, threads, words, [&](std::size_t i) {
        const std::uint64_t right = pattern_word(key_, i);
        const std::size_t at = i * word_bytes;
        return std::memcmp(copied.data() + at, &right, std::min(word_bytes, copied.size() - at)) != 0;
    });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("{}: the bytes from {} on (of {}) differ from what was copied", copy,
                                     *wrong * word_bytes, copied.size()),
                 .fix = wrong_result_fix});
}

}  // namespace passbench

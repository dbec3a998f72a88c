#include "kernels/cpu/control_path_inputs.hpp"

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

void ControlPathInputs::fill(std::span<std::uint64_t> words, std::size_t begin) const {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = pattern_word(key_, begin + i);
}

void ControlPathInputs::spoil(std::span<std::uint64_t> words) const {
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = ~pattern_word(key_, i);
}

Result<void> ControlPathInputs::check(ThreadPool& pool, std::span<const std::uint64_t> words,
                                      std::string_view thing) const {
    const auto wrong =
        first_wrong(pool, pool.size(), words.size(), [&](std::size_t i) { return words[i] != pattern_word(key_, i); });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("control-path: word {} of {} from {} is {:016x} where {:016x} is right", *wrong,
                                     words.size(), thing, words[*wrong], pattern_word(key_, *wrong)),
                 .fix = wrong_result_fix});
}

}  // namespace passbench

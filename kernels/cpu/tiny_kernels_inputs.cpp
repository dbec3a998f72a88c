#include "kernels/cpu/tiny_kernels_inputs.hpp"

#include <cassert>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

Result<void> TinyKernelsInputs::check(std::span<const float> results, std::int64_t steps) const {
    assert(results.size() == elements_);
    for (std::size_t i = 0; i < elements_; ++i) {
        const auto right = static_cast<float>(result(i, steps));
        if (same_bits(results[i], right)) continue;
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("tiny-kernels: element {} of {} is {} where {} is right after {} kernels", i,
                                         elements_, results[i], right, steps),
                     .fix = wrong_result_fix});
    }
    return {};
}

}  // namespace passbench

// Where a chase stands and where it should: its whole result, the same for every form.
#pragma once

#include <cstdint>
#include <limits>

#include <fmt/core.h>

#include "harness/core/result.hpp"
#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

struct ChasePosition {
    static constexpr std::uint64_t nowhere = std::numeric_limits<std::uint64_t>::max();

    std::uint64_t seen = nowhere;  // offsets in the memory
    std::uint64_t expected = 0;

    [[nodiscard]] Result<void> check() const {
        if (seen == expected) return {};
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("host-chase: the chase stands at offset {} where it should stand at {}", seen,
                                         expected),
                     .fix = wrong_result_fix});
    }
};

}  // namespace passbench

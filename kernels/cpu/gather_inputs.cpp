#include "kernels/cpu/gather_inputs.hpp"

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

Result<void> GatherInputs::check(ThreadPool& pool, int threads, std::span<const std::uint64_t> found) const {
    const auto wrong =
        first_wrong(pool, threads, found.size(), [&](std::size_t i) { return found[i] != element(index(i)); });
    if (!wrong) return {};
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("gather: result {} of {} is {:#018x} where {:#018x} is right", *wrong,
                                     found.size(), found[*wrong], element(index(*wrong))),
                 .fix = wrong_result_fix});
}

}  // namespace passbench

// The inputs of stream and what must come out, the same for every form: whole numbers from 1 to 1024 in doubles, so that every
// operation, even a dot product in whatever order, is exact and is compared bit for bit.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/core/random.hpp"
#include "harness/core/result.hpp"
#include "harness/core/thread_pool.hpp"
#include "kernels/cpu/loop_table.hpp"
#include "kernels/cpu/pattern.hpp"

namespace passbench {

inline constexpr double stream_scalar = 3.0;  // STREAM's

inline constexpr std::array<std::string_view, stream_ops> stream_op_names = {"copy", "scale", "add", "triad", "dot"};

/// `name` is one of stream_op_names.
[[nodiscard]] StreamOp stream_op_of(std::string_view name);
/// Whether the operation reads the second array.
[[nodiscard]] bool reads_two(StreamOp op);

struct StreamInputs {
    std::uint64_t x_key;
    std::uint64_t y_key;

    explicit StreamInputs(std::uint64_t seed)
        : x_key(derive_seed(seed, "stream/x")), y_key(derive_seed(seed, "stream/y")) {}
    [[nodiscard]] std::int64_t x(std::size_t i) const { return pattern_number(x_key, i); }
    [[nodiscard]] std::int64_t y(std::size_t i) const { return pattern_number(y_key, i); }
    /// Compares all results of an operation on arrays of `count` elements: as many, or the one sum of dot. Error `verify_failed`
    /// naming the first wrong one.
    [[nodiscard]] Result<void> check(ThreadPool& pool, int threads, StreamOp op, std::size_t count,
                                     std::span<const double> results) const;
};

}  // namespace passbench

#include "kernels/cpu/stream_inputs.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"

namespace passbench {

StreamOp stream_op_of(std::string_view name) {
    return static_cast<StreamOp>(std::ranges::find(stream_op_names, name) - stream_op_names.begin());
}

bool reads_two(StreamOp op) { return op == StreamOp::add || op == StreamOp::triad || op == StreamOp::dot; }

namespace {

/// The i-th result of an operation other than dot.
double expected(const StreamInputs& inputs, StreamOp op, std::size_t i) {
    constexpr auto s = static_cast<std::int64_t>(stream_scalar);
    switch (op) {
        case StreamOp::copy:
            return static_cast<double>(inputs.x(i));
        case StreamOp::scale:
            return static_cast<double>(s * inputs.x(i));
        case StreamOp::add:
            return static_cast<double>(inputs.x(i) + inputs.y(i));
        case StreamOp::triad:
        case StreamOp::dot:
            break;
    }
    return static_cast<double>(inputs.x(i) + s * inputs.y(i));
}

/// The sum of the first `count` products. They are at most 2^20 each, so it is exact in a double up to 2^33 elements, 16 times the
/// longest array.
double expected_dot(const StreamInputs& inputs, ThreadPool& pool, int threads, std::size_t count) {
    std::vector<std::int64_t> sums(static_cast<std::size_t>(threads), 0);
    pool.run(threads, [&](int worker) {
        const auto [begin, end] = share_of(count, worker, threads);
        std::int64_t sum = 0;
        for (std::size_t i = begin; i < end; ++i) sum += inputs.x(i) * inputs.y(i);
        sums[static_cast<std::size_t>(worker)] = sum;
    });
    std::int64_t total = 0;
    for (const std::int64_t sum : sums) total += sum;
    return static_cast<double>(total);
}

/// `which` is such as "element 7 of 9".
Error wrong_result(StreamOp op, const std::string& which, double found, double right) {
    return {.code = ErrorCode::verify_failed,
            .what = fmt::format("stream {}: {} is {} where {} is right", stream_op_names[static_cast<std::size_t>(op)],
                                which, found, right),
            .fix = wrong_result_fix};
}

}  // namespace

Result<void> StreamInputs::check(ThreadPool& pool, int threads, StreamOp op, std::size_t count,
                                 std::span<const double> results) const {
    if (op == StreamOp::dot) {
        const double right = expected_dot(*this, pool, threads, count);
        if (same_bits(results[0], right)) return {};
        return fail(wrong_result(op, fmt::format("the sum of {} products", count), results[0], right));
    }
    const auto wrong = first_wrong(pool, threads, count,
                                   [&](std::size_t i) { return !same_bits(results[i], expected(*this, op, i)); });
    if (!wrong) return {};
    return fail(
        wrong_result(op, fmt::format("element {} of {}", *wrong, count), results[*wrong], expected(*this, op, *wrong)));
}

}  // namespace passbench

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

double StreamInputs::expected(StreamOp op, std::size_t i) const {
    constexpr auto s = static_cast<std::int64_t>(stream_scalar);
    switch (op) {
        case StreamOp::copy:
            return static_cast<double>(x(i));
        case StreamOp::scale:
            return static_cast<double>(s * x(i));
        case StreamOp::add:
            return static_cast<double>(x(i) + y(i));
        case StreamOp::triad:
        case StreamOp::dot:
            break;
    }
    return static_cast<double>(x(i) + s * y(i));
}

double StreamInputs::expected_dot(ThreadPool& pool, int threads, std::size_t count) const {
    std::vector<std::int64_t> sums(static_cast<std::size_t>(threads), 0);
    pool.run(threads, [&](int worker) {
        const auto [begin, end] = share_of(count, worker, threads);
        std::int64_t sum = 0;
        for (std::size_t i = begin; i < end; ++i) sum += x(i) * y(i);
        sums[static_cast<std::size_t>(worker)] = sum;
    });
    std::int64_t total = 0;
    for (const std::int64_t sum : sums) total += sum;
    return static_cast<double>(total);
}

Error wrong_stream_result(StreamOp op, const std::string& which, double found, double right) {
    return {.code = ErrorCode::verify_failed,
            .what = fmt::format("stream {}: {} is {} where {} is right", stream_op_names[static_cast<std::size_t>(op)],
                                which, found, right),
            .fix = wrong_result_fix};
}

}  // namespace passbench

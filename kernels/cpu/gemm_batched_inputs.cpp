#include "kernels/cpu/gemm_batched_inputs.hpp"

#include <array>
#include <cassert>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/product_check.hpp"

namespace passbench {

void GemmBatchedInputs::fill(const NumberMatrix& matrix, ThreadPool& pool, int threads, std::span<float> to) const {
    assert(to.size() == count());
    constexpr auto floats = number_table<float>([](int number) { return static_cast<float>(number); });
    pool.run(threads, [&](int worker) {
        const Share share = share_of(batch_, worker, threads);
        for (std::size_t row = share.begin * n(); row < share.end * n(); ++row) {
            matrix.fill_row(row, to.subspan(row * n(), n()), floats);
        }
    });
}

std::int64_t GemmBatchedInputs::element(std::size_t matrix, std::size_t row, std::size_t column) const {
    std::int64_t sum = 0;
    a_.each_of_row(matrix * n() + row,
                   [&](std::size_t k, std::int64_t number) { sum += number * b_.at(matrix * n() + k, column); });
    return sum;
}

Result<void> GemmBatchedInputs::check(ThreadPool& pool, int threads, std::span<const float> c) const {
    assert(c.size() == count());
    constexpr std::size_t most_rows = 64;
    assert(n() <= most_rows);
    std::array<std::uint64_t, most_rows> components{};
    for (std::size_t i = 0; i < n(); ++i) components[i] = random_component(key_, i);
    const std::span<const std::uint64_t> x = std::span(components).first(n());

    const auto is_wrong_row = [&](std::size_t row, const std::array<std::uint64_t, most_rows>& bx) {
        std::uint64_t expected = 0;
        a_.each_of_row(
            row, [&](std::size_t k, std::int64_t number) { expected += static_cast<std::uint64_t>(number) * bx[k]; });
        return fingerprint(c.subspan(row * n(), n()), x) != expected;
    };
    const auto wrong_matrix = first_wrong(pool, threads, batch_, [&](std::size_t matrix) {
        std::array<std::uint64_t, most_rows> bx{};
        for (std::size_t k = 0; k < n(); ++k) {
            b_.each_of_row(matrix * n() + k, [&](std::size_t column, std::int64_t number) {
                bx[k] += static_cast<std::uint64_t>(number) * x[column];
            });
        }
        for (std::size_t row = 0; row < n(); ++row) {
            if (is_wrong_row(matrix * n() + row, bx)) return true;
        }
        return false;
    });
    if (!wrong_matrix) return {};
    const std::size_t first = *wrong_matrix * n() * n();
    std::size_t place = 0;
    while (place + 1 < n() * n() &&
           whole_number(c[first + place]) == element(*wrong_matrix, place / n(), place % n())) {
        ++place;
    }
    return fail({.code = ErrorCode::verify_failed,
                 .what = fmt::format("gemm-batched: element {} of row {} of matrix {} of {} is {} where {} is right",
                                     place % n(), place / n(), *wrong_matrix, batch_, c[first + place],
                                     element(*wrong_matrix, place / n(), place % n())),
                 .fix = wrong_result_fix});
}

}  // namespace passbench

#include "kernels/cpu/gemm_inputs.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <vector>

#include <fmt/core.h>

#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/product_check.hpp"

namespace passbench {

namespace {

// The 16-bit formats of a whole number from -8 to 7: those are so short that what is cut off of a float is zeros.
constexpr std::uint16_t half_of(int number) {
    if (number == 0) return 0;
    constexpr unsigned float_fraction = 23;
    constexpr unsigned half_fraction = 10;
    constexpr unsigned bias_difference = 127 - 15;
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
    const std::uint32_t sign = bits >> 31U << 15U;
    const std::uint32_t rest = (bits & 0x7fffffffU) >> (float_fraction - half_fraction);
    return static_cast<std::uint16_t>(sign | (rest - (bias_difference << half_fraction)));
}

constexpr std::uint16_t bfloat_of(int number) {
    return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(number)) >> 16U);
}

constexpr auto floats = number_table<float>([](int number) { return static_cast<float>(number); });
constexpr auto halves = number_table<std::uint16_t>(&half_of);
constexpr auto bfloats = number_table<std::uint16_t>(&bfloat_of);
constexpr auto bytes = number_table<std::int8_t>([](int number) { return static_cast<std::int8_t>(number); });

template <typename T>
void fill_rows(const NumberMatrix& matrix, ThreadPool& pool, int threads, const NumberTable<T>& numbers,
               std::span<std::byte> to, std::size_t row_bytes) {
    const std::size_t row_numbers = row_bytes / sizeof(T);
    const std::size_t rows = to.size() / row_bytes;
    auto* const first = reinterpret_cast<T*>(to.data());
    pool.run(threads, [&](int worker) {
        const Share share = share_of(rows, worker, threads);
        for (std::size_t row = share.begin; row < share.end; ++row) {
            const std::span<T> numbers_of_row(first + row * row_numbers, row_numbers);
            if (row < matrix.columns()) {
                matrix.fill_row(row, numbers_of_row, numbers);
            } else {
                std::ranges::fill(numbers_of_row, T{});
            }
        }
    });
}

Error wrong_element(std::size_t n, std::size_t row, std::size_t column, double found, std::int64_t right) {
    return {.code = ErrorCode::verify_failed,
            .what = fmt::format("gemm: element {} of row {} of {} x {} is {} where {} is right", column, row, n, n,
                                found, right),
            .fix = wrong_result_fix};
}

}  // namespace

GemmPrecision gemm_precision_of(std::string_view name) {
    return static_cast<GemmPrecision>(std::ranges::find(gemm_precision_names, name) - gemm_precision_names.begin());
}

std::string_view to_string(GemmPrecision precision) {
    return gemm_precision_names[static_cast<std::size_t>(precision)];
}

std::size_t input_bytes_of(GemmPrecision precision) {
    switch (precision) {
        case GemmPrecision::f32:
        case GemmPrecision::tf32:
            return sizeof(float);
        case GemmPrecision::f16:
        case GemmPrecision::bf16:
            return sizeof(std::uint16_t);
        case GemmPrecision::int8:
            break;
    }
    return sizeof(std::int8_t);
}

void GemmInputs::fill(const NumberMatrix& matrix, ThreadPool& pool, int threads, GemmPrecision precision,
                      std::span<std::byte> to, std::size_t row_bytes) {
    assert(row_bytes >= matrix.columns() * input_bytes_of(precision) && to.size() % row_bytes == 0);
    switch (precision) {
        case GemmPrecision::f32:
        case GemmPrecision::tf32:
            return fill_rows(matrix, pool, threads, floats, to, row_bytes);
        case GemmPrecision::f16:
            return fill_rows(matrix, pool, threads, halves, to, row_bytes);
        case GemmPrecision::bf16:
            return fill_rows(matrix, pool, threads, bfloats, to, row_bytes);
        case GemmPrecision::int8:
            break;
    }
    fill_rows(matrix, pool, threads, bytes, to, row_bytes);
}

std::int64_t GemmInputs::element(std::size_t row, std::size_t column) const {
    std::int64_t sum = 0;
    a_.each_of_row(row, [&](std::size_t k, std::int64_t number) { sum += number * b_.at(column, k); });
    return sum;
}

Result<void> GemmInputs::check(ThreadPool& pool, int threads, std::span<const float> c) const {
    return check_elements(pool, threads, c);
}

Result<void> GemmInputs::check(ThreadPool& pool, int threads, std::span<const std::int32_t> c) const {
    return check_elements(pool, threads, c);
}

template <typename Element>
Result<void> GemmInputs::check_elements(ThreadPool& pool, int threads, std::span<const Element> c) const {
    assert(c.size() == n() * n());
    std::vector<std::uint64_t> x(n());
    for (std::size_t i = 0; i < n(); ++i) x[i] = random_component(key_, i);

    // B x: each worker the part of its columns.
    std::vector<std::vector<std::uint64_t>> parts(static_cast<std::size_t>(threads));
    pool.run(threads, [&](int worker) {
        const Share share = share_of(n(), worker, threads);
        std::vector<std::uint64_t> part(n(), 0);
        for (std::size_t column = share.begin; column < share.end; ++column) {
            const std::uint64_t component = x[column];
            b_.each_of_row(column, [&](std::size_t k, std::int64_t number) {
                part[k] += static_cast<std::uint64_t>(number) * component;
            });
        }
        parts[static_cast<std::size_t>(worker)] = std::move(part);
    });
    std::vector<std::uint64_t> bx(n(), 0);
    for (const auto& part : parts) std::ranges::transform(bx, part, bx.begin(), std::plus<>());

    const auto wrong_row = first_wrong(pool, threads, n(), [&](std::size_t row) {
        std::uint64_t expected = 0;
        a_.each_of_row(
            row, [&](std::size_t k, std::int64_t number) { expected += static_cast<std::uint64_t>(number) * bx[k]; });
        return fingerprint(c.subspan(row * n(), n()), std::span<const std::uint64_t>(x)) != expected;
    });
    const auto is_wrong = [&](std::size_t row, std::size_t column) {
        return whole_number(c[row * n() + column]) != element(row, column);
    };
    const auto error_at = [&](std::size_t row, std::size_t column) {
        return fail(wrong_element(n(), row, column, static_cast<double>(c[row * n() + column]), element(row, column)));
    };
    if (wrong_row) {
        std::size_t column = 0;
        while (column + 1 < n() && !is_wrong(*wrong_row, column)) ++column;
        return error_at(*wrong_row, column);
    }
    // By another way, for what is wrong with the check itself.
    constexpr std::size_t samples = 64;
    for (std::size_t i = 0; i < samples; ++i) {
        const std::size_t at = pattern_word(~key_, i) % c.size();
        if (is_wrong(at / n(), at % n())) return error_at(at / n(), at % n());
    }
    return {};
}

}  // namespace passbench

// spmv beside a plain loop over the rows, gather beside a plain loop over the indices, both in equal parts on the same threads.
#include <array>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/plain_sparse.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/gather_inputs.hpp"
#include "kernels/cpu/spmv_inputs.hpp"

namespace passbench {

namespace {

struct Threads {
    Value wanted;
    int count;
};

/// A matrix and its vectors, made by the workers that use them in equal numbers of rows.
template <typename T>
struct PlainMatrix {
    Buffer row_begin;
    Buffer columns;
    Buffer values;
    Buffer x;
    Buffer y;

    static Result<PlainMatrix> make(const MatrixShape& shape, ThreadPool& pool, int threads) {
        PlainMatrix made;
        PASSBENCH_TRY(made.row_begin, Buffer::allocate((shape.rows + 1) * sizeof(std::uint32_t)));
        PASSBENCH_TRY(made.columns, Buffer::allocate(shape.elements() * sizeof(std::uint32_t)));
        PASSBENCH_TRY(made.values, Buffer::allocate(shape.elements() * sizeof(T)));
        PASSBENCH_TRY(made.x, Buffer::allocate(shape.rows * sizeof(T)));
        PASSBENCH_TRY(made.y, Buffer::allocate(shape.rows * sizeof(T)));
        const SpmvInputs inputs(ratio_seed, shape);
        const std::span<std::uint32_t> begins = made.row_begin.template as<std::uint32_t>();
        inputs.fill_row_begins(begins, {.begin = 0, .end = shape.rows});
        pool.run(threads, [&](int worker) {
            const auto [first, last] = share_of(shape.rows, worker, threads, SpmvInputs::rows_a_group);
            for (std::size_t row = first; row < last; ++row) {
                inputs.fill_columns(
                    row, begins[row],
                    made.columns.template as<std::uint32_t>().subspan(begins[row], begins[row + 1] - begins[row]));
                for (std::size_t i = begins[row]; i < begins[row + 1]; ++i) {
                    made.values.template as<T>()[i] = static_cast<T>(inputs.value(i));
                }
                made.x.template as<T>()[row] = static_cast<T>(inputs.x(row));
            }
        });
        return made;
    }
};

template <typename T>
Result<void> compare_spmv(const char* matrix, const char* precision, const Threads& threads, ThreadPool& pool,
                          RatioReport& report) {
    const Parameters given = {{"matrix", matrix}, {"precision", precision}, {"threads", threads.wanted}};
    PASSBENCH_TRY(const Parameters complete, complete_parameters(*find_workload("spmv"), Form::cpu, given));
    const MatrixShape shape = {.kind = matrix_kind_of(matrix),
                               .rows = static_cast<std::size_t>(std::get<std::int64_t>(complete.at("rows"))),
                               .nonzeros = static_cast<std::size_t>(std::get<std::int64_t>(complete.at("nonzeros")))};
    PASSBENCH_TRY(const auto own, prepare_verified("spmv", given, pool));
    PASSBENCH_TRY(const PlainMatrix<T> plain, PlainMatrix<T>::make(shape, pool, threads.count));
    const std::array<Way, 2> ways = {
        Way{"own", [&] { own->iterate(); }},
        Way{"plain loop", [&] {
                pool.run(threads.count, [&](int worker) {
                    const auto [first, last] = share_of(shape.rows, worker, threads.count, SpmvInputs::rows_a_group);
                    plain_spmv(plain.row_begin.template as<std::uint32_t>().data(),
                               plain.columns.template as<std::uint32_t>().data(), plain.values.template as<T>().data(),
                               plain.x.template as<T>().data(), plain.y.template as<T>().data(), first, last);
                });
            }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    const std::string what =
        fmt::format("{} {}, {} rows of {}, {} thread(s)", matrix, precision, shape.rows, shape.nonzeros, threads.count);
    report.title("spmv: " + what);
    report.rates(timed, static_cast<double>(find_workload("spmv")->work(complete).bytes), "B/s");
    report.add({.workload = "spmv",
                .what = what + ": own / plain loop",
                .value = median_speed(timed[0], timed[1]),
                .at_least = 1});
    return {};
}

Result<void> compare_gather(const char* pattern, const Threads& threads, ThreadPool& pool, RatioReport& report) {
    const Parameters given = {{"pattern", pattern}, {"threads", threads.wanted}};
    PASSBENCH_TRY(const Parameters complete, complete_parameters(*find_workload("gather"), Form::cpu, given));
    const auto table_bytes = static_cast<std::size_t>(std::get<std::int64_t>(complete.at("bytes")));
    const auto loads = static_cast<std::size_t>(find_workload("gather")->work(complete).items);
    PASSBENCH_TRY(const auto own, prepare_verified("gather", given, pool));
    PASSBENCH_TRY(const Buffer table, Buffer::allocate(table_bytes));
    PASSBENCH_TRY(const Buffer indices, Buffer::allocate(loads * sizeof(std::uint32_t)));
    PASSBENCH_TRY(const Buffer out, Buffer::allocate(loads * sizeof(std::uint64_t)));
    const GatherInputs inputs(ratio_seed, table.as<std::uint64_t>().size(), gather_pattern_of(pattern));
    const auto in_shares = [&](const auto& work) {
        constexpr std::size_t indices_a_line = 16;
        pool.run(threads.count, [&](int worker) {
            const auto [begin, end] = share_of(loads, worker, threads.count, indices_a_line);
            work(begin, end);
        });
    };
    for (std::size_t i = 0; i < table.as<std::uint64_t>().size(); ++i) table.as<std::uint64_t>()[i] = inputs.element(i);
    in_shares([&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) indices.as<std::uint32_t>()[i] = inputs.index(i);
    });
    const std::array<Way, 2> ways = {Way{"own", [&] { own->iterate(); }},
                                     Way{"plain loop", [&] {
                                             in_shares([&](std::size_t begin, std::size_t end) {
                                                 plain_gather(table.as<std::uint64_t>().data(),
                                                              indices.as<std::uint32_t>().data() + begin,
                                                              out.as<std::uint64_t>().data() + begin, end - begin);
                                             });
                                         }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, ratio_rounds);
    const std::string what = fmt::format("{}, {}, {} thread(s)", pattern,
                                         format_bytes(static_cast<std::int64_t>(table_bytes)), threads.count);
    report.title("gather: " + what);
    report.rates(timed, static_cast<double>(loads), "gathers/s");
    report.add({.workload = "gather",
                .what = what + ": own / plain loop",
                .value = median_speed(timed[0], timed[1]),
                .at_least = std::nullopt});
    return {};
}

}  // namespace

Result<void> compare_sparse(ThreadPool& pool, RatioReport& report) {
    std::vector<Threads> numbers = {{std::int64_t{1}, 1}};
    if (pool.size() > 1) numbers.push_back({"all", pool.size()});
    for (const Threads& threads : numbers) {
        for (const char* matrix : {"banded", "powerlaw"}) {
            PASSBENCH_CHECK(compare_spmv<float>(matrix, "f32", threads, pool, report));
            PASSBENCH_CHECK(compare_spmv<double>(matrix, "f64", threads, pool, report));
        }
        for (const char* pattern : {"random", "sequential"}) {
            PASSBENCH_CHECK(compare_gather(pattern, threads, pool, report));
        }
    }
    return {};
}

}  // namespace passbench

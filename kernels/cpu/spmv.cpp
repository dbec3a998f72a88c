// spmv: a sparse matrix times a vector. Workers take neighbouring rows, each with as many elements as the others.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/pooled_instance.hpp"
#include "kernels/cpu/spmv_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cpu/topology.hpp"

namespace passbench {

namespace {

struct SpmvBuffers {
    Buffer row_begin;
    Buffer columns;
    Buffer values;
    Buffer x;
    Buffer y;

    static Result<SpmvBuffers> allocate(const MatrixShape& shape, std::size_t value_bytes) {
        constexpr std::size_t index_bytes = sizeof(std::uint32_t);
        const std::size_t all_bytes = shape.elements() * (index_bytes + value_bytes) + (shape.rows + 1) * index_bytes +
                                      2 * shape.rows * value_bytes;
        PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(all_bytes), available_memory_bytes()));
        SpmvBuffers buffers;
        PASSBENCH_TRY(buffers.row_begin, Buffer::allocate((shape.rows + 1) * index_bytes));
        PASSBENCH_TRY(buffers.columns, Buffer::allocate(shape.elements() * index_bytes));
        PASSBENCH_TRY(buffers.values, Buffer::allocate(shape.elements() * value_bytes));
        PASSBENCH_TRY(buffers.x, Buffer::allocate(shape.rows * value_bytes));
        PASSBENCH_TRY(buffers.y, Buffer::allocate(shape.rows * value_bytes));
        return buffers;
    }
};

template <typename T>
class SpmvInstance final : public PooledInstance {
public:
    SpmvInstance(const InstanceContext& context, const Target& target, const MatrixShape& shape, SpmvLoop<T> loop,
                 SpmvBuffers buffers)
        : PooledInstance(context.pool, target.threads, std::string(to_string(target.isa))),
          shape_(shape),
          buffers_(std::move(buffers)),
          inputs_(context.seed, shape),
          loop_(loop),
          work_([this](int worker) { work(worker); }) {
        run([this](int worker) {
            inputs_.fill_row_begins(row_begin(), share_of(shape_.rows, worker, threads(), SpmvInputs::rows_a_group));
        });
        divide_rows();
        run([this](int worker) { fill(worker); });
    }

    void iterate() override { run(work_); }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check(pool(), threads(), row_begin(), std::span<const T>(y()));
    }
    [[nodiscard]] std::span<std::byte> results() override { return buffers_.y.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(T)}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (auto why_not = why_line_use_is_unknown()) return no_limit(*std::move(why_not));
        const std::array<std::span<const std::byte>, 2> matrix = {buffers_.columns.bytes(), buffers_.values.bytes()};
        return read_bandwidth_limit(pool(), threads(), matrix);
    }

private:
    [[nodiscard]] std::span<std::uint32_t> row_begin() const { return buffers_.row_begin.as<std::uint32_t>(); }
    [[nodiscard]] std::span<T> y() const { return buffers_.y.as<T>(); }
    [[nodiscard]] Share rows_of(int worker) const {
        const auto number = static_cast<std::size_t>(worker);
        return {.begin = first_row_[number], .end = first_row_[number + 1]};
    }

    void divide_rows() {
        const auto workers = static_cast<std::size_t>(threads());
        for (std::size_t worker = 0; worker <= workers; ++worker) {
            const std::size_t element = shape_.elements() * worker / workers;
            const auto first = std::ranges::lower_bound(row_begin(), element);
            first_row_.push_back(static_cast<std::size_t>(first - row_begin().begin()));
        }
        first_row_.back() = shape_.rows;  // empty rows at the end
    }

    void fill(int worker) {
        const std::span<std::uint32_t> columns = buffers_.columns.as<std::uint32_t>();
        const std::span<T> values = buffers_.values.as<T>();
        const std::span<T> x = buffers_.x.as<T>();
        const auto [first, last] = rows_of(worker);
        for (std::size_t row = first; row < last; ++row) {
            const std::size_t begin = row_begin()[row];
            const std::size_t end = row_begin()[row + 1];
            inputs_.fill_columns(row, begin, columns.subspan(begin, end - begin));
            for (std::size_t i = begin; i < end; ++i) values[i] = static_cast<T>(inputs_.value(i));
            x[row] = static_cast<T>(inputs_.x(row));
            y()[row] = spoiled;
        }
    }

    void work(int worker) {
        const auto [first, last] = rows_of(worker);
        const CsrMatrix<T> matrix = {.row_begin = row_begin().data(),
                                     .columns = buffers_.columns.as<std::uint32_t>().data(),
                                     .values = buffers_.values.as<T>().data()};
        loop_(matrix, buffers_.x.as<T>().data(), y().data(), first, last);
    }

    /// Elements of x anywhere cost whole lines, unless x stays in the cache while the matrix passes through it.
    [[nodiscard]] std::optional<std::string> why_line_use_is_unknown() const {
        if (shape_.kind == MatrixKind::banded) return std::nullopt;
        const auto llc_bytes =
            read_topology(std::span(pool().cpus()).first(static_cast<std::size_t>(threads()))).llc_bytes;
        const auto x_bytes = static_cast<std::int64_t>(buffers_.x.bytes().size());
        if (!llc_bytes || 2 * x_bytes <= *llc_bytes) return std::nullopt;
        return fmt::format(
            "no limit: how much is used of the lines of x, {}, beside {} of last-level cache is not known",
            format_bytes(x_bytes), format_bytes(*llc_bytes));
    }

    void spoil_results() override {
        run([this](int worker) {
            const auto [first, last] = rows_of(worker);
            for (std::size_t row = first; row < last; ++row) y()[row] = spoiled;
        });
    }

    static constexpr T spoiled = std::numeric_limits<T>::quiet_NaN();

    const MatrixShape shape_;
    SpmvBuffers buffers_;
    const SpmvInputs inputs_;
    const SpmvLoop<T> loop_;
    std::vector<std::size_t> first_row_;  // of each worker, and behind the last row
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_spmv(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, gather_isa(cpu)));
    const MatrixShape shape = {.kind = matrix_kind_of(word_of(parameters, "matrix")),
                               .rows = static_cast<std::size_t>(integer_of(parameters, "rows")),
                               .nonzeros = static_cast<std::size_t>(integer_of(parameters, "nonzeros"))};
    const LoopTable& loops = loops_of(target.isa);
    if (word_of(parameters, "precision") == "f32") {
        PASSBENCH_TRY(SpmvBuffers buffers, SpmvBuffers::allocate(shape, sizeof(float)));
        return std::make_unique<SpmvInstance<float>>(context, target, shape, loops.spmv_f32, std::move(buffers));
    }
    PASSBENCH_TRY(SpmvBuffers buffers, SpmvBuffers::allocate(shape, sizeof(double)));
    return std::make_unique<SpmvInstance<double>>(context, target, shape, loops.spmv_f64, std::move(buffers));
}

}  // namespace passbench

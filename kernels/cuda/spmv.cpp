// spmv: a sparse matrix in the device's memory times a vector.
#include <bit>
#include <limits>
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/spmv_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/memory_limit.hpp"

namespace passbench {

namespace {

constexpr unsigned threads_a_block = 256;
constexpr std::size_t most_lanes = 32;

using Address = CUdeviceptr;
using SpmvKernel = Kernel<Address, Address, Address, Address, Address, unsigned, unsigned>;

struct SpmvMemory {
    DeviceMemory row_begin;
    DeviceMemory columns;
    DeviceMemory values;
    DeviceMemory x;
    DeviceMemory y;
    Buffer host_row_begin;  // kept, for the check
    Buffer host_y;
};

template <typename T>
class SpmvInstance final : public CudaInstance {
public:
    SpmvInstance(const InstanceContext& context, const MatrixShape& shape, GpuSession session, Module module,
                 SpmvKernel kernel, SpmvMemory memory)
        : CudaInstance(std::move(session)),
          pool_(context.pool),
          shape_(shape),
          inputs_(context.seed, shape),
          module_(std::move(module)),
          kernel_(kernel),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        PASSBENCH_TRY(const Buffer columns, Buffer::allocate(memory_.columns.size_bytes()));
        PASSBENCH_TRY(const Buffer values, Buffer::allocate(memory_.values.size_bytes()));
        PASSBENCH_TRY(const Buffer x, Buffer::allocate(memory_.x.size_bytes()));
        each_share(SpmvInputs::rows_a_group, [&](Share rows) { inputs_.fill_row_begins(row_begin(), rows); });
        each_share(1, [&](Share rows) {
            for (std::size_t row = rows.begin; row < rows.end; ++row) {
                const std::size_t begin = row_begin()[row];
                const std::size_t end = row_begin()[row + 1];
                inputs_.fill_columns(row, begin, columns.as<std::uint32_t>().subspan(begin, end - begin));
                for (std::size_t i = begin; i < end; ++i) values.as<T>()[i] = static_cast<T>(inputs_.value(i));
                x.as<T>()[row] = static_cast<T>(inputs_.x(row));
            }
        });
        PASSBENCH_CHECK(gpu().upload(memory_.row_begin, memory_.host_row_begin.bytes()));
        PASSBENCH_CHECK(gpu().upload(memory_.columns, columns.bytes()));
        PASSBENCH_CHECK(gpu().upload(memory_.values, values.bytes()));
        PASSBENCH_CHECK(gpu().upload(memory_.x, x.bytes()));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.y); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host_y.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(T)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        return device_memory_limit(
            gpu(), static_cast<std::int64_t>(memory_.columns.size_bytes() + memory_.values.size_bytes()));
    }

private:
    [[nodiscard]] std::span<std::uint32_t> row_begin() const { return memory_.host_row_begin.as<std::uint32_t>(); }

    template <typename DoRows>
    void each_share(std::size_t grain, const DoRows& do_rows) {
        pool_.run(pool_.size(), [&](int worker) { do_rows(share_of(shape_.rows, worker, pool_.size(), grain)); });
    }

    [[nodiscard]] Result<void> spoil_results() override {
        const std::span<T> y = memory_.host_y.as<T>();
        each_share(1, [&](Share rows) {
            for (std::size_t row = rows.begin; row < rows.end; ++row) y[row] = std::numeric_limits<T>::quiet_NaN();
        });
        return gpu().upload(memory_.y, memory_.host_y.bytes());
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), row_begin(), std::span<const T>(memory_.host_y.as<T>()));
    }

    /// As many threads a row as its mean length can use.
    CUresult enqueue() override {
        const std::size_t lanes = std::min(std::bit_floor(shape_.nonzeros), most_lanes);
        const std::size_t blocks = (shape_.rows * lanes + threads_a_block - 1) / threads_a_block;
        return kernel_.launch(stream(), {.blocks = static_cast<unsigned>(blocks), .threads = threads_a_block},
                              memory_.row_begin.address(), memory_.columns.address(), memory_.values.address(),
                              memory_.x.address(), memory_.y.address(), static_cast<unsigned>(shape_.rows),
                              static_cast<unsigned>(lanes));
    }

    ThreadPool& pool_;
    const MatrixShape shape_;
    const SpmvInputs inputs_;
    Module module_;
    SpmvKernel kernel_;
    SpmvMemory memory_;
};

template <typename T>
PreparedCase prepare(const MatrixShape& shape, const char* kernel_name, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const std::size_t begins_bytes = (shape.rows + 1) * sizeof(std::uint32_t);
    const std::size_t columns_bytes = shape.elements() * sizeof(std::uint32_t);
    const std::size_t values_bytes = shape.elements() * sizeof(T);
    const std::size_t vector_bytes = shape.rows * sizeof(T);
    PASSBENCH_CHECK(
        require_memory(static_cast<std::int64_t>(begins_bytes + columns_bytes + values_bytes + 2 * vector_bytes),
                       available_memory_bytes()));
    PASSBENCH_TRY(Module module, gpu.load(sparse_image()));
    PASSBENCH_TRY(const SpmvKernel kernel,
                  (gpu.kernel<Address, Address, Address, Address, Address, unsigned, unsigned>(module, kernel_name)));
    SpmvMemory memory;
    PASSBENCH_TRY(memory.host_row_begin, Buffer::allocate(begins_bytes));
    PASSBENCH_TRY(memory.host_y, Buffer::allocate(vector_bytes));
    PASSBENCH_TRY(memory.row_begin, gpu.allocate(begins_bytes));
    PASSBENCH_TRY(memory.columns, gpu.allocate(columns_bytes));
    PASSBENCH_TRY(memory.values, gpu.allocate(values_bytes));
    PASSBENCH_TRY(memory.x, gpu.allocate(vector_bytes));
    PASSBENCH_TRY(memory.y, gpu.allocate(vector_bytes));
    auto instance = std::make_unique<SpmvInstance<T>>(context, shape, std::move(session), std::move(module), kernel,
                                                      std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace

PreparedCase prepare_cuda_spmv(const Parameters& parameters, const InstanceContext& context) {
    const MatrixShape shape = {.kind = matrix_kind_of(word_of(parameters, "matrix")),
                               .rows = static_cast<std::size_t>(integer_of(parameters, "rows")),
                               .nonzeros = static_cast<std::size_t>(integer_of(parameters, "nonzeros"))};
    if (word_of(parameters, "precision") == "f32") return prepare<float>(shape, "spmv_f32", context);
    return prepare<double>(shape, "spmv_f64", context);
}

}  // namespace passbench

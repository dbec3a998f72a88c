// gemm-batched: many small products by cuBLASLt, by the fastest of the algorithms that it offers, or by an own kernel.
#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include <fmt/core.h>

#include "kernels/cpu/gemm_batched_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cublaslt.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/gemm_batched_shape.hpp"
#include "kernels/cuda/host_transfers.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/product_memory.hpp"

namespace passbench {

namespace {

using Address = CUdeviceptr;

struct Case {
    std::size_t batch;
    std::size_t n;
    bool is_by_library;
    std::uint64_t seed;

    [[nodiscard]] std::size_t operand_bytes() const { return batch * n * n * sizeof(float); }
};

class GemmBatchedInstance final : public CudaInstance {
public:
    GemmBatchedInstance(ThreadPool& pool, const Case& what, GpuSession session, ProductMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          inputs_(what.seed, what.batch, what.n),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        inputs_.fill_a(pool_, pool_.size(), memory_.host_a.as<float>());
        inputs_.fill_b(pool_, pool_.size(), memory_.host_b.as<float>());
        PASSBENCH_CHECK(gpu().upload(memory_.a, memory_.host_a.bytes()));
        PASSBENCH_CHECK(gpu().upload(memory_.b, memory_.host_b.bytes()));
        return spoil_results();
    }
    /// Then, once.
    [[nodiscard]] Result<void> choose_method() { return case_.is_by_library ? use_library() : use_own_kernel(); }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.c); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host_c.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(float)}; }
    [[nodiscard]] Facts facts() const override { return facts_; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override {
        return {"device_ns", "transfers_ns"};
    }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        const std::array<Upload, 2> inputs = {Upload{memory_.host_a, memory_.a}, Upload{memory_.host_b, memory_.b}};
        PASSBENCH_TRY(const std::int64_t transfers_ns,
                      time_transfers(gpu(), stream(), inputs, memory_.c, memory_.host_c));
        values[1] = iterations * transfers_ns;
        return {};
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    [[nodiscard]] Result<void> spoil_results() override {
        std::ranges::fill(memory_.host_c.as<float>(), std::numeric_limits<float>::quiet_NaN());
        return gpu().upload(memory_.c, results());
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), memory_.host_c.as<const float>());
    }
    CUresult enqueue() override { return multiply_(); }

    [[nodiscard]] Result<void> use_own_kernel() {
        PASSBENCH_TRY(module_, gpu().load(gemm_batched_image()));
        PASSBENCH_TRY(const auto kernel,
                      (gpu().kernel<Address, Address, Address, BatchedShape>(module_, "gemm_batched_f32")));
        const BatchedShape shape = batched_shape(static_cast<unsigned>(case_.n), static_cast<unsigned>(case_.batch));
        const Grid grid = {.blocks = (shape.batch + shape.matrices_of_block - 1) / shape.matrices_of_block,
                           .threads = batched_threads_a_block};
        multiply_ = [this, kernel, grid, shape] {
            return kernel.launch(stream(), grid, memory_.a.address(), memory_.b.address(), memory_.c.address(), shape);
        };
        facts_ = {{"library", "own kernel"}, {"library.how", "gemm_batched_f32"}};
        return {};
    }

    [[nodiscard]] Result<void> use_library() {
        if (is_simulated()) {
            return fail({.code = ErrorCode::unsupported,
                         .what = "cuBLASLt does not run on a simulated device",
                         .fix = "Take by = \"own\", whose kernel does."});
        }
        PASSBENCH_TRY(const auto library, CublasLt::load());
        const auto n = static_cast<std::int64_t>(case_.n);
        const LtProblem problem = {.inputs = lt::Type::f32,
                                   .results = lt::Type::f32,
                                   .compute = lt::Compute::f32,
                                   .m = n,
                                   .n = n,
                                   .k = n,
                                   .a_row = n,
                                   .b_row = n,
                                   .c_row = n,
                                   .b_by_columns = false,
                                   .batch = static_cast<std::int64_t>(case_.batch),
                                   .a_matrix = n * n,
                                   .b_matrix = n * n,
                                   .c_matrix = n * n};
        PASSBENCH_TRY(auto fastest, LtProduct::fastest(library, gpu(), stream(), problem, memory_.a.address(),
                                                       memory_.b.address(), memory_.c.address()));
        const auto product = std::make_shared<const LtProduct>(std::move(fastest));
        multiply_ = [this, product] {
            return product->enqueue(stream(), memory_.a.address(), memory_.b.address(), memory_.c.address());
        };
        facts_ = {{"library", "cuBLASLt " + library->version()},
                  {"library.how", fmt::format("fastest of {} algorithms", product->candidates())}};
        return {};
    }

    ThreadPool& pool_;
    const Case case_;
    const GemmBatchedInputs inputs_;
    ProductMemory memory_;
    Module module_;
    std::function<CUresult()> multiply_;
    Facts facts_;
};

}  // namespace

PreparedCase prepare_cuda_gemm_batched(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Case what = {.batch = static_cast<std::size_t>(integer_of(parameters, "batch")),
                       .n = static_cast<std::size_t>(integer_of(parameters, "n")),
                       .is_by_library = word_of(parameters, "by") == "library",
                       .seed = context.seed};
    PASSBENCH_TRY(ProductMemory memory,
                  ProductMemory::allocate(*session.gpu, what.operand_bytes(), what.operand_bytes()));
    auto instance = std::make_unique<GemmBatchedInstance>(context.pool, what, std::move(session), std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    PASSBENCH_CHECK(instance->choose_method());
    return instance;
}

}  // namespace passbench

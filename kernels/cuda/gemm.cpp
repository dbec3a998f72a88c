// gemm: C = A B by cuBLASLt, by the fastest of the algorithms that it offers, or by own kernels.
#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>

#include <fmt/core.h>

#include "kernels/cpu/gemm_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cublaslt.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/fma_lanes.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/gemm_shape.hpp"
#include "kernels/cuda/host_transfers.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/product_memory.hpp"
#include "kernels/cuda/row_parts.hpp"
#include "kernels/cuda/sm_clock.hpp"
#include "kernels/cuda/tensor_rate.hpp"

namespace passbench {

namespace {

using Address = CUdeviceptr;
using GemmKernel = Kernel<Address, Address, Address, GemmShape>;

std::size_t round_up(std::size_t number, std::size_t grain) { return (number + grain - 1) / grain * grain; }

struct Case {
    GemmPrecision precision;
    std::size_t n;
    bool is_by_library;
    std::uint64_t seed;

    [[nodiscard]] std::size_t input_bytes() const { return input_bytes_of(precision); }
    [[nodiscard]] std::size_t row_bytes() const { return round_up(n * input_bytes(), gemm_row_grain_bytes); }
    [[nodiscard]] std::size_t row_numbers() const { return row_bytes() / input_bytes(); }
    /// Of A or B with its rows of zeros.
    [[nodiscard]] std::size_t operand_bytes() const { return round_up(n, gemm_large_tile) * row_bytes(); }
    [[nodiscard]] std::size_t result_bytes() const { return n * n * gemm_result_bytes; }

    /// By a pessimistic guess: half of the peak of plain multiply-adds, which own kernels and tensor cores exceed.
    [[nodiscard]] RowParts parts(const Gpu& gpu) const {
        const auto [major, minor] = gpu.compute_capability();
        constexpr int fewest_lanes = 64;
        const double lanes = fma_lanes(major, minor, Precision::f32).value_or(fewest_lanes);
        constexpr double hz_a_khz = 1e3;
        const double clock_hz = gpu.attribute(CU_DEVICE_ATTRIBUTE_CLOCK_RATE) * hz_a_khz;
        const double flops_a_second = lanes * clock_hz * gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        const auto size = static_cast<double>(n);
        constexpr double longest_s = 0.5;
        const double needed_s = flops_a_second > 0 ? 2 * size * size * size / flops_a_second : 0;
        return cut_rows(n, gemm_large_tile, needed_s, longest_s);
    }
};

/// Hands the product of some rows of A to the stream: from the first of them on.
using Multiply = std::function<CUresult(const Stream&, Address a, Address b, Address c)>;

/// How an instance multiplies, and what is told of it.
struct Method {
    Multiply multiply;
    RowParts parts;
    Facts facts;
};

class GemmInstance final : public CudaInstance {
public:
    GemmInstance(ThreadPool& pool, const Case& what, GpuSession session, ProductMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          inputs_(what.seed, what.n),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        inputs_.fill_a(pool_, pool_.size(), case_.precision, memory_.host_a.bytes(), case_.row_bytes());
        inputs_.fill_b(pool_, pool_.size(), case_.precision, memory_.host_b.bytes(), case_.row_bytes());
        PASSBENCH_CHECK(gpu().upload(memory_.a, memory_.host_a.bytes()));
        PASSBENCH_CHECK(gpu().upload(memory_.b, memory_.host_b.bytes()));
        return spoil_results();
    }
    /// Then, once.
    [[nodiscard]] Result<void> choose_method() {
        PASSBENCH_TRY(method_, case_.is_by_library ? by_library() : by_own_kernel());
        return {};
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.c); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host_c.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = gemm_result_bytes}; }
    [[nodiscard]] Facts facts() const override { return method_.facts; }

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

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (is_simulated()) return no_limit("no limit: the device is simulated");
        const auto [major, minor] = gpu().compute_capability();
        constexpr int flops_a_lane = 2;
        const int rate = case_.precision == GemmPrecision::f32
                             ? fma_lanes(major, minor, Precision::f32).value_or(0) * flops_a_lane
                             : tensor_rate(major, minor, gpu().name(), case_.precision).value_or(0);
        if (rate == 0)
            return no_limit(fmt::format("no limit: what an SM of {} does in a cycle is not known here", isa()));
        PASSBENCH_TRY(const double clock_hz, measure_sm_clock_hz(gpu(), stream()));
        if (clock_hz == 0) return no_limit("no limit: the device's timers did not move during a kernel");
        const int multiprocessors = gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        constexpr double hz_a_ghz = 1e9;
        return InstanceLimit{
            .value = clock_hz * rate * multiprocessors,
            .kind = LimitKind::measured,
            .metric = "flops",
            .formula = fmt::format("{:.3f} GHz x {} FLOP/cycle x {} SMs", clock_hz / hz_a_ghz, rate, multiprocessors)};
    }

private:
    [[nodiscard]] Result<void> spoil_results() override {
        if (case_.precision == GemmPrecision::int8) {
            std::ranges::fill(memory_.host_c.as<std::int32_t>(), std::numeric_limits<std::int32_t>::min());
        } else {
            std::ranges::fill(memory_.host_c.as<float>(), std::numeric_limits<float>::quiet_NaN());
        }
        return gpu().upload(memory_.c, results());
    }

    [[nodiscard]] Result<void> compare_results() const override {
        if (case_.precision == GemmPrecision::int8) {
            return inputs_.check(pool_, pool_.size(), memory_.host_c.as<const std::int32_t>());
        }
        return inputs_.check(pool_, pool_.size(), memory_.host_c.as<const float>());
    }

    CUresult enqueue() override {
        for (std::size_t part = 0; part < method_.parts.count; ++part) {
            const std::size_t first = method_.parts.first_row(part, case_.n);
            const CUresult result =
                method_.multiply(stream(), memory_.a.address() + first * case_.row_bytes(), memory_.b.address(),
                                 memory_.c.address() + first * case_.n * gemm_result_bytes);
            if (result != CUDA_SUCCESS) return result;
        }
        return CUDA_SUCCESS;
    }

    [[nodiscard]] Result<Method> by_own_kernel() {
        const RowParts parts = case_.parts(gpu());
        PASSBENCH_TRY(module_, gpu().load(gemm_image()));
        // Small tiles until there are enough large ones for every multiprocessor.
        const std::size_t large_tiles = round_up(case_.n, gemm_large_tile) / gemm_large_tile *
                                        (round_up(parts.rows, gemm_large_tile) / gemm_large_tile);
        const auto multiprocessors =
            static_cast<std::size_t>(gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
        const bool is_small = case_.precision == GemmPrecision::f32 && large_tiles < multiprocessors;
        const std::string kernel_name = case_.precision == GemmPrecision::f32
                                            ? (is_small ? "gemm_f32_small" : "gemm_f32_large")
                                            : fmt::format("gemm_{}", to_string(case_.precision));
        PASSBENCH_TRY(const GemmKernel kernel,
                      (gpu().kernel<Address, Address, Address, GemmShape>(module_, kernel_name.c_str())));
        const std::size_t tile = is_small ? gemm_small_tile : gemm_large_tile;
        const GemmShape shape = {.rows = static_cast<unsigned>(parts.rows),
                                 .columns = static_cast<unsigned>(case_.n),
                                 .row_numbers = static_cast<unsigned>(case_.row_numbers()),
                                 .c_row_numbers = static_cast<unsigned>(case_.n)};
        const Grid grid = {
            .blocks = static_cast<unsigned>(round_up(parts.rows, tile) / tile * (round_up(case_.n, tile) / tile)),
            .threads = gemm_threads_a_block};
        return Method{.multiply = [kernel, grid, shape](const Stream& on, Address a, Address b,
                                                        Address c) { return kernel.launch(on, grid, a, b, c, shape); },
                      .parts = parts,
                      .facts = {{"library", "own kernel"}, {"library.how", kernel_name}}};
    }

    [[nodiscard]] Result<Method> by_library() {
        const RowParts parts = case_.parts(gpu());
        PASSBENCH_TRY(const auto library, CublasLt::load());
        const bool is_int8 = case_.precision == GemmPrecision::int8;
        const LtProblem problem = {.inputs = lt_type(),
                                   .results = is_int8 ? lt::Type::s32 : lt::Type::f32,
                                   .compute = is_int8                                  ? lt::Compute::s32
                                              : case_.precision == GemmPrecision::tf32 ? lt::Compute::tf32
                                                                                       : lt::Compute::f32,
                                   .m = static_cast<std::int64_t>(parts.rows),
                                   .n = static_cast<std::int64_t>(case_.n),
                                   .k = static_cast<std::int64_t>(case_.n),
                                   .a_row = static_cast<std::int64_t>(case_.row_numbers()),
                                   .b_row = static_cast<std::int64_t>(case_.row_numbers()),
                                   .c_row = static_cast<std::int64_t>(case_.n),
                                   .b_by_columns = true};
        PASSBENCH_TRY(auto fastest, LtProduct::fastest(library, gpu(), stream(), problem, memory_.a.address(),
                                                       memory_.b.address(), memory_.c.address()));
        auto product = std::make_shared<const LtProduct>(std::move(fastest));
        return Method{.multiply = [product](const Stream& on, Address a, Address b,
                                            Address c) { return product->enqueue(on, a, b, c); },
                      .parts = parts,
                      .facts = {{"library", "cuBLASLt " + library->version()},
                                {"library.how", fmt::format("fastest of {} algorithms", product->candidates())}}};
    }

    [[nodiscard]] lt::Type lt_type() const {
        switch (case_.precision) {
            case GemmPrecision::f32:
            case GemmPrecision::tf32:
                return lt::Type::f32;
            case GemmPrecision::f16:
                return lt::Type::f16;
            case GemmPrecision::bf16:
                return lt::Type::bf16;
            case GemmPrecision::int8:
                break;
        }
        return lt::Type::s8;
    }

    ThreadPool& pool_;
    const Case case_;
    const GemmInputs inputs_;
    ProductMemory memory_;
    Module module_;
    Method method_;
};

/// That this card can do it in this way. The stand-in runs every own kernel, whatever card it says it is, and no library.
Result<void> require(const Gpu& gpu, const Case& what) {
    if (!gpu.driver().is_simulated()) {
        const auto [major, minor] = gpu.compute_capability();
        return require_arithmetic(gpu.name(), major, minor, what.precision);
    }
    if (!what.is_by_library) return {};
    return fail({.code = ErrorCode::unsupported,
                 .what = "cuBLASLt does not run on a simulated device",
                 .where = {},
                 .fix = "Take by = \"own\", whose kernels do."});
}

}  // namespace

PreparedCase prepare_cuda_gemm(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Case what = {.precision = gemm_precision_of(word_of(parameters, "precision")),
                       .n = static_cast<std::size_t>(integer_of(parameters, "n")),
                       .is_by_library = word_of(parameters, "by") == "library",
                       .seed = context.seed};
    PASSBENCH_CHECK(require(*session.gpu, what));
    PASSBENCH_TRY(ProductMemory memory,
                  ProductMemory::allocate(*session.gpu, what.operand_bytes(), what.result_bytes()));
    auto instance = std::make_unique<GemmInstance>(context.pool, what, std::move(session), std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    PASSBENCH_CHECK(instance->choose_method());
    return instance;
}

}  // namespace passbench

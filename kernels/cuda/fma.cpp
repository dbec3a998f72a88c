// fma: peak arithmetic of the device, with the clock that it was done at.
#include <array>
#include <bit>
#include <limits>
#include <type_traits>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/fma_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/clock_stamps.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/fma_lanes.hpp"
#include "kernels/cuda/fma_shape.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

constexpr std::int64_t flops_an_op = 1 << 20;  // the catalogue's
constexpr unsigned threads_a_block = 256;
constexpr unsigned blocks_a_multiprocessor = 4;  // 32 warps: 8 a scheduler
constexpr std::int64_t flops_a_multiply_add = 2;
constexpr std::int64_t flops_a_pair_and_block =
    std::int64_t{threads_a_block} * gpu_fma_accumulators * 2 * flops_a_multiply_add;
// So many pairs of steps make one block's work a whole number of operations.
constexpr std::int64_t pairs_an_op = flops_an_op / flops_a_pair_and_block;
static_assert(pairs_an_op * flops_a_pair_and_block == flops_an_op);
constexpr std::int64_t most_pairs = std::int64_t{1} << 21;  // results stay exact in f32
constexpr double wanted_s = 2e-3;                           // an iteration at the card's own clock

using Address = CUdeviceptr;

/// What one kernel does, from what the device says of itself.
struct Shape {
    unsigned blocks;
    std::int64_t pairs;

    static Shape of(const Gpu& gpu, int lanes) {
        const int multiprocessors = std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
        constexpr double hz_a_khz = 1e3;
        const double clock_hz = gpu.attribute(CU_DEVICE_ATTRIBUTE_CLOCK_RATE) * hz_a_khz;
        const double flops = clock_hz * lanes * flops_a_multiply_add * wanted_s;  // of one multiprocessor
        const auto operations = static_cast<std::int64_t>(flops / flops_an_op) / blocks_a_multiprocessor;
        return {.blocks = static_cast<unsigned>(multiprocessors) * blocks_a_multiprocessor,
                .pairs = std::clamp<std::int64_t>(operations, 1, most_pairs / pairs_an_op) * pairs_an_op};
    }
    [[nodiscard]] std::size_t threads() const { return std::size_t{blocks} * threads_a_block; }
    [[nodiscard]] std::size_t results() const { return threads() * gpu_fma_accumulators; }
};

struct FmaMemory {
    DeviceMemory start;
    DeviceMemory odd;
    DeviceMemory even;
    DeviceMemory result;
    ClockStamps stamps;
    Buffer host;  // results, and inputs on their way
};

template <typename T>
class FmaInstance final : public CudaInstance {
public:
    using FmaKernel = Kernel<Address, Address, Address, T, long long, Address, Address>;

    FmaInstance(ThreadPool& pool, GpuSession session, Module module, FmaKernel kernel, const Shape& shape,
                FmaMemory memory, std::uint64_t seed)
        : CudaInstance(std::move(session)),
          pool_(pool),
          module_(std::move(module)),
          kernel_(kernel),
          shape_(shape),
          memory_(std::move(memory)),
          inputs_(seed) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        const std::span<T> start = memory_.host.as<T>();
        for (std::size_t i = 0; i < start.size(); ++i) start[i] = static_cast<T>(inputs_.start(i));
        PASSBENCH_CHECK(gpu().upload(memory_.start, std::as_bytes(start)));
        std::array<T, gpu_fma_accumulators> odd{};
        std::array<T, gpu_fma_accumulators> even{};
        for (std::size_t lane = 0; lane < gpu_fma_accumulators; ++lane) {
            odd[lane] = static_cast<T>(inputs_.odd(lane));
            even[lane] = static_cast<T>(inputs_.even(lane));
        }
        PASSBENCH_CHECK(gpu().upload(memory_.odd, std::as_bytes(std::span(odd))));
        PASSBENCH_CHECK(gpu().upload(memory_.even, std::as_bytes(std::span(even))));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return shape_.blocks * (shape_.pairs / pairs_an_op); }

    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.result); }

    [[nodiscard]] std::span<std::byte> results() override { return memory_.host.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(T)}; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"device_ns", "sm_clock_hz"}; }
    /// The clock is that of the twin, over the time that its blocks ran.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        PASSBENCH_TRY(const double clock_hz, memory_.stamps.read_hz(gpu()));
        best_clock_hz_ = std::max(best_clock_hz_, clock_hz);
        values[1] = static_cast<std::int64_t>(clock_hz);
        return {};
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const auto [major, minor] = gpu().compute_capability();
        const auto lanes = fma_lanes(major, minor, sizeof(T) == 4 ? Precision::f32 : Precision::f64);
        if (is_simulated()) return no_limit("no limit: the device is simulated");
        if (!lanes) return no_limit(fmt::format("no limit: how many units an SM of {} has is not known here", isa()));
        if (best_clock_hz_ == 0) return no_limit("no limit: the device's timers did not move during a kernel");
        const double clock_hz = best_clock_hz_;
        const int multiprocessors = gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        constexpr double hz_a_ghz = 1e9;
        return InstanceLimit{.value = clock_hz * *lanes * flops_a_multiply_add * multiprocessors,
                             .kind = LimitKind::physical,
                             .metric = "flops",
                             .formula = fmt::format("{:.3f} GHz x {} FLOP/cycle x {} SMs", clock_hz / hz_a_ghz,
                                                    *lanes * flops_a_multiply_add, multiprocessors)};
    }

private:
    [[nodiscard]] Result<void> spoil_results() override {
        const std::span<T> result = memory_.host.as<T>();
        std::ranges::fill(result, std::numeric_limits<T>::quiet_NaN());
        return gpu().upload(memory_.result, std::as_bytes(result));
    }

    [[nodiscard]] T expected(std::size_t i) const {
        return static_cast<T>(inputs_.result(i, i / shape_.threads(), shape_.pairs));
    }

    [[nodiscard]] Result<void> compare_results() const override {
        const std::span<const T> found = memory_.host.as<T>();
        const auto wrong = first_wrong(pool_, pool_.size(), found.size(),
                                       [&](std::size_t i) { return !same_bits(found[i], expected(i)); });
        if (!wrong) return {};
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("fma: accumulator {} of {} is {} where {} is right", *wrong, found.size(),
                                         found[*wrong], expected(*wrong))});
    }

    CUresult enqueue() override {
        return kernel_.launch(stream(), {.blocks = shape_.blocks, .threads = threads_a_block}, memory_.start.address(),
                              memory_.odd.address(), memory_.even.address(), T{-1}, shape_.pairs,
                              memory_.result.address(), memory_.stamps.address());
    }

    ThreadPool& pool_;
    Module module_;
    FmaKernel kernel_;
    const Shape shape_;
    FmaMemory memory_;
    const FmaInputs inputs_;
    double best_clock_hz_ =
        0;  // of all twins: a card may slow down later, but what it reached is no more than this allows
};

template <typename T>
PreparedCase prepare(const char* kernel_name, Precision precision, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const auto [major, minor] = gpu.compute_capability();
    // On a card that is not known here one lane is enough to begin with: the work is short, and right.
    const Shape shape = Shape::of(gpu, fma_lanes(major, minor, precision).value_or(1));
    PASSBENCH_TRY(Module module, gpu.load(fma_image()));
    PASSBENCH_TRY(const auto kernel,
                  (gpu.kernel<Address, Address, Address, T, long long, Address, Address>(module, kernel_name)));
    FmaMemory memory;
    PASSBENCH_TRY(memory.host, Buffer::allocate(shape.results() * sizeof(T)));
    PASSBENCH_TRY(memory.start, gpu.allocate(shape.results() * sizeof(T)));
    PASSBENCH_TRY(memory.odd, gpu.allocate(gpu_fma_accumulators * sizeof(T)));
    PASSBENCH_TRY(memory.even, gpu.allocate(gpu_fma_accumulators * sizeof(T)));
    PASSBENCH_TRY(memory.result, gpu.allocate(shape.results() * sizeof(T)));
    PASSBENCH_TRY(memory.stamps, ClockStamps::allocate(gpu, shape.blocks));
    auto instance = std::make_unique<FmaInstance<T>>(context.pool, std::move(session), std::move(module), kernel, shape,
                                                     std::move(memory), context.seed);
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace

PreparedCase prepare_cuda_fma(const Parameters& parameters, const InstanceContext& context) {
    if (word_of(parameters, "precision") == "f32") return prepare<float>("fma_f32", Precision::f32, context);
    return prepare<double>("fma_f64", Precision::f64, context);
}

}  // namespace passbench

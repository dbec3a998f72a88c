// burn: the device under the heaviest arithmetic for as long as asked, each result compared, and how its rate and clock change.
#include <algorithm>
#include <cmath>
#include <cuda_fp16.h>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/records/burn_facts.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/drift.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/burn_inputs.hpp"
#include "kernels/cuda/burn_shape.hpp"
#include "kernels/cuda/clock_stamps.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/fma_lanes.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

constexpr std::int64_t flops_an_op = 1 << 18;  // the catalogue's
constexpr double wanted_s = 0.1;  // a kernel at the card's own clock; at a fifth of it, half a watchdog's second
constexpr std::size_t least_kernels = 8;
/// The work of a simulated card is done by this machine, in milliseconds of ours for some microseconds of its time.
constexpr double wanted_simulated_s = 1e-4;
constexpr std::size_t most_simulated_kernels = 40;
/// So many kernels until each result has been compared on the host too, where all are compared on the device each time.
constexpr std::size_t parts = 16;

using Address = CUdeviceptr;

/// One kernel, from what the device says of itself.
struct Shape {
    BurnPrecision precision;
    unsigned blocks;
    unsigned rounds;

    static Shape of(const Gpu& gpu, BurnPrecision precision) {
        const auto multiprocessors =
            static_cast<unsigned>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)));
        const auto [major, minor] = gpu.compute_capability();
        constexpr int lanes_of_a_small_card = 64;
        // Tensor cores multiply by 4 to 16 as much as the lanes of f32: the kernel is shorter or longer, and never too long.
        constexpr int tensor_core = 8;
        const bool is_f32 = precision == BurnPrecision::f32;
        const int lanes = fma_lanes(major, minor, Precision::f32).value_or(lanes_of_a_small_card);
        constexpr double hz_a_khz = 1e3;
        const double clock_hz = gpu.attribute(CU_DEVICE_ATTRIBUTE_CLOCK_RATE) * hz_a_khz;
        const double kernel_s = gpu.driver().is_simulated() ? wanted_simulated_s : wanted_s;
        const double flops = clock_hz * (is_f32 ? lanes : lanes * tensor_core) * 2 * kernel_s;  // of a multiprocessor
        const unsigned blocks_a_multiprocessor = is_f32 ? 2 : 4;
        Shape shape = {.precision = precision, .blocks = multiprocessors * blocks_a_multiprocessor, .rounds = 1};
        const double rounds = flops / blocks_a_multiprocessor / static_cast<double>(shape.ops_a_round() * flops_an_op);
        shape.rounds = static_cast<unsigned>(std::clamp<double>(rounds, 1, burn_most_rounds));
        return shape;
    }
    [[nodiscard]] bool is_f32() const { return precision == BurnPrecision::f32; }
    [[nodiscard]] std::int64_t ops_a_round() const {  // of a block
        const std::int64_t flops = is_f32() ? std::int64_t{burn_f32_results} * burn_depth * 2
                                            : std::int64_t{burn_warps} * burn_matrices * burn_matrix * 16 * 2;
        return flops / flops_an_op;
    }
    [[nodiscard]] std::size_t lefts() const { return std::size_t{blocks} * (is_f32() ? burn_f32_left : burn_f16_left); }
    [[nodiscard]] std::size_t rights() const { return is_f32() ? burn_right : burn_f16_right; }
    [[nodiscard]] std::size_t results() const {
        return std::size_t{blocks} * (is_f32() ? burn_f32_results : burn_f16_results);
    }
};

struct BurnKernels {
    Module module;
    Kernel<Address, Address, unsigned, Address, Address> multiply;
    Kernel<Address, Address, unsigned, Address> compare;
};

struct BurnMemory {
    DeviceMemory left;
    DeviceMemory right;
    DeviceMemory result;
    DeviceMemory expected;
    DeviceMemory wrong;
    ClockStamps stamps;
    Buffer host;  // results
    Buffer expected_host;
};

struct Case {
    double seconds;
    std::uint64_t seed;
    std::function<Result<void>()> may_go_on;
};

class BurnInstance final : public CudaInstance {
public:
    BurnInstance(ThreadPool& pool, Case what, GpuSession session, BurnKernels kernels, const Shape& shape,
                 BurnMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(std::move(what)),
          kernels_(std::move(kernels)),
          shape_(shape),
          memory_(std::move(memory)),
          inputs_(case_.seed) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        inputs_.fill_right(shape_.precision, shape_.rounds, expected(), pool_);
        PASSBENCH_CHECK(gpu().upload(memory_.expected, std::as_bytes(expected())));
        PASSBENCH_CHECK(shape_.is_f32() ? upload_operands<float>() : upload_operands<__half>());
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override {
        return shape_.ops_a_round() * shape_.blocks * std::int64_t{shape_.rounds};
    }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.result); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(float)}; }
    [[nodiscard]] bool may_batch() const override { return false; }

    /// The burn itself, between two iterations of which all results are compared on the host.
    [[nodiscard]] Result<void> verify() override {
        PASSBENCH_CHECK(CudaInstance::verify());
        PASSBENCH_CHECK(burn());
        return CudaInstance::verify();
    }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override {
        return {"device_ns", "drift_ppm", "sm_clock_hz"};
    }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        PASSBENCH_TRY(const double clock_hz, memory_.stamps.read_hz(gpu()));
        best_clock_hz_ = std::max(best_clock_hz_, clock_hz);
        values[1] = std::llround(drift_of(times_ns_) * parts_a_million);
        values[2] = static_cast<std::int64_t>(clock_hz);
        return {};
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (is_simulated()) return no_limit("no limit: the device is simulated");
        const auto [major, minor] = gpu().compute_capability();
        const auto lanes = fma_lanes(major, minor, Precision::f32);
        if (!shape_.is_f32() || !lanes || best_clock_hz_ == 0) {
            return no_limit("no limit: how much an SM of " + isa() + " can do of this is not known here");
        }
        const int multiprocessors = gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        constexpr double hz_a_ghz = 1e9;
        return InstanceLimit{.value = best_clock_hz_ * *lanes * 2 * multiprocessors,
                             .kind = LimitKind::physical,
                             .metric = "flops",
                             .formula = fmt::format("{:.3f} GHz x {} FLOP/cycle x {} SMs", best_clock_hz_ / hz_a_ghz,
                                                    *lanes * 2, multiprocessors)};
    }

    [[nodiscard]] Facts facts() const override {
        Facts facts;
        const auto put = [&](std::string_view key, Fact value) { facts[std::string(key)] = std::move(value); };
        put(burn_fact::seconds, burnt_s_);
        put(burn_fact::pieces, static_cast<std::int64_t>(times_ns_.size()));
        put(burn_fact::drift, drift_of(times_ns_));
        const std::size_t tenth = std::max<std::size_t>(1, clocks_hz_.size() / 10);
        if (clocks_hz_.size() < 2 * tenth) return facts;
        const auto mean = [](std::span<const double> some) {
            return std::llround(std::accumulate(some.begin(), some.end(), 0.0) / static_cast<double>(some.size()));
        };
        put(burn_fact::first_clock, std::int64_t{mean(std::span(clocks_hz_).first(tenth))});
        put(burn_fact::last_clock, std::int64_t{mean(std::span(clocks_hz_).last(tenth))});
        return facts;
    }

private:
    [[nodiscard]] std::span<float> expected() const { return memory_.expected_host.as<float>(); }

    template <typename T>
    [[nodiscard]] Result<void> upload_operands() {
        const auto number = [](int value) { return T(static_cast<float>(value)); };
        std::vector<T> operands(shape_.lefts());
        for (std::size_t i = 0; i < operands.size(); ++i) operands[i] = number(inputs_.left(i));
        PASSBENCH_CHECK(gpu().upload(memory_.left, std::as_bytes(std::span(operands))));
        operands.resize(shape_.rights());
        for (std::size_t i = 0; i < operands.size(); ++i) operands[i] = number(inputs_.right(i));
        return gpu().upload(memory_.right, std::as_bytes(std::span(operands)));
    }

    [[nodiscard]] Result<void> spoil_results() override {
        std::ranges::fill(memory_.host.as<float>(), std::numeric_limits<float>::quiet_NaN());
        return gpu().upload(memory_.result, results());
    }

    CUresult enqueue() override {
        return kernels_.multiply.launch(stream(), {.blocks = shape_.blocks, .threads = burn_threads},
                                        memory_.left.address(), memory_.right.address(), shape_.rounds,
                                        memory_.result.address(), memory_.stamps.address());
    }

    [[nodiscard]] Result<void> compare_results() const override { return compare_part(0, shape_.results()); }

    [[nodiscard]] Result<void> compare_part(std::size_t begin, std::size_t end) const {
        const std::span<const float> found = memory_.host.as<float>();
        const std::span<const float> right = expected();
        const auto wrong = first_wrong(pool_, pool_.size(), end - begin,
                                       [&](std::size_t i) { return !same_bits(found[begin + i], right[begin + i]); });
        if (!wrong) return {};
        const std::size_t at = begin + *wrong;
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("burn: result {} of {} is {} where {} is right", at, found.size(), found[at],
                                         right[at])});
    }

    /// Kernel after kernel, each from spoiled results, all of them compared on the device and a part of them here; ends at the first
    /// wrong one.
    [[nodiscard]] Result<void> burn() {
        PASSBENCH_TRY(const Event begin, gpu().make_event());
        PASSBENCH_TRY(const Event end, gpu().make_event());
        const WallClock now = wall_clock();
        const std::int64_t begun_ns = now();
        times_ns_.clear();
        clocks_hz_.clear();
        constexpr double ns_a_second = 1e9;
        const auto is_over = [&] {
            const std::size_t kernels = times_ns_.size();
            burnt_s_ = static_cast<double>(now() - begun_ns) / ns_a_second;
            if (kernels < least_kernels) return false;
            return burnt_s_ >= case_.seconds || (is_simulated() && kernels >= most_simulated_kernels);
        };
        while (!is_over()) {
            if (case_.may_go_on) PASSBENCH_CHECK(case_.may_go_on());
            PASSBENCH_TRY(const double time_ns, run_one(begin, end));
            PASSBENCH_CHECK(check_one(times_ns_.size() % parts));
            PASSBENCH_TRY(const double clock_hz, memory_.stamps.read_hz(gpu()));
            times_ns_.push_back(time_ns);
            clocks_hz_.push_back(clock_hz);
        }
        return {};
    }

    /// The device's time of the kernel.
    [[nodiscard]] Result<double> run_one(const Event& begin, const Event& end) {
        const DriverCalls& calls = gpu().calls();
        constexpr unsigned char not_a_number = 0xff;
        note(
            calls.cuMemsetD8Async(memory_.result.address(), not_a_number, memory_.result.size_bytes(), stream().get()));
        note(calls.cuMemsetD8Async(memory_.wrong.address(), 0, memory_.wrong.size_bytes(), stream().get()));
        note(calls.cuEventRecord(begin.get(), stream().get()));
        note(enqueue());
        note(calls.cuEventRecord(end.get(), stream().get()));
        note(kernels_.compare.launch(stream(), {.blocks = shape_.blocks, .threads = burn_threads},
                                     memory_.result.address(), memory_.expected.address(),
                                     static_cast<unsigned>(shape_.results()), memory_.wrong.address()));
        note(calls.cuStreamSynchronize(stream().get()));
        PASSBENCH_CHECK(noted());
        float elapsed_ms = 0;
        PASSBENCH_CHECK(
            gpu().check(calls.cuEventElapsedTime(&elapsed_ms, begin.get(), end.get()), "reading the device's time"));
        constexpr double ns_a_ms = 1e6;
        return static_cast<double>(elapsed_ms) * ns_a_ms;
    }

    [[nodiscard]] Result<void> check_one(std::size_t part) {
        std::uint64_t wrong = 0;
        note(gpu().calls().cuMemcpyDtoH(&wrong, memory_.wrong.address(), sizeof wrong));
        PASSBENCH_CHECK(noted());
        if (wrong > 0) {
            PASSBENCH_CHECK(fetch_results());
            PASSBENCH_CHECK(check_results());
            return fail(
                {.code = ErrorCode::verify_failed,
                 .what = fmt::format("burn: the device finds {} of its {} results wrong, and here they are right",
                                     wrong, shape_.results()),
                 .fix = wrong_result_fix});
        }
        const std::size_t begin = shape_.results() * part / parts;
        const std::size_t end = shape_.results() * (part + 1) / parts;
        note(gpu().calls().cuMemcpyDtoH(memory_.host.as<float>().data() + begin,
                                        memory_.result.address() + begin * sizeof(float),
                                        (end - begin) * sizeof(float)));
        PASSBENCH_CHECK(noted());
        return compare_part(begin, end);
    }

    ThreadPool& pool_;
    const Case case_;
    BurnKernels kernels_;
    const Shape shape_;
    BurnMemory memory_;
    const BurnInputs inputs_;
    std::vector<double> times_ns_;   // of the kernels of the burn
    std::vector<double> clocks_hz_;  // of the SMs meanwhile
    double burnt_s_ = 0;
    double best_clock_hz_ = 0;
};

Result<BurnMemory> allocate(const Gpu& gpu, const Shape& shape) {
    const std::size_t operand_bytes = shape.is_f32() ? sizeof(float) : sizeof(__half);
    const std::size_t result_bytes = shape.results() * sizeof(float);
    BurnMemory memory;
    PASSBENCH_TRY(memory.host, Buffer::allocate(result_bytes));
    PASSBENCH_TRY(memory.expected_host, Buffer::allocate(result_bytes));
    PASSBENCH_TRY(memory.left, gpu.allocate(shape.lefts() * operand_bytes));
    PASSBENCH_TRY(memory.right, gpu.allocate(shape.rights() * operand_bytes));
    PASSBENCH_TRY(memory.result, gpu.allocate(result_bytes));
    PASSBENCH_TRY(memory.expected, gpu.allocate(result_bytes));
    PASSBENCH_TRY(memory.wrong, gpu.allocate(sizeof(std::uint64_t)));
    PASSBENCH_TRY(memory.stamps, ClockStamps::allocate(gpu, shape.blocks));
    return memory;
}

}  // namespace

PreparedCase prepare_cuda_burn(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const bool is_f32 = word_of(parameters, "precision") == "f32";
    const Shape shape = Shape::of(gpu, is_f32 ? BurnPrecision::f32 : BurnPrecision::f16);
    BurnKernels kernels;
    PASSBENCH_TRY(kernels.module, gpu.load(burn_image()));
    PASSBENCH_TRY(kernels.multiply, (gpu.kernel<Address, Address, unsigned, Address, Address>(
                                        kernels.module, is_f32 ? "burn_f32" : "burn_f16")));
    PASSBENCH_TRY(kernels.compare, (gpu.kernel<Address, Address, unsigned, Address>(kernels.module, "burn_compare")));
    PASSBENCH_TRY(BurnMemory memory, allocate(gpu, shape));
    Case what = {.seconds = static_cast<double>(integer_of(parameters, "seconds")),
                 .seed = context.seed,
                 .may_go_on = context.may_go_on};
    auto instance = std::make_unique<BurnInstance>(context.pool, std::move(what), std::move(session),
                                                   std::move(kernels), shape, std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

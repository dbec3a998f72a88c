#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "guest/agent/bench/driver_overhead.hpp"
#include "guest/agent/sampler.hpp"
#include "harness/core/units.hpp"
#include "kernels/bench/compare.hpp"
#include "kernels/cpu/fma_inputs.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/fma_shape.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

constexpr std::uint64_t seed = 1;
// Many short rounds: on a busy machine most of them are shorter than the time between two switches to a neighbour.
constexpr int rounds = 301;
constexpr double round_ns = 1e6;  // of each way
constexpr double most_iterations = 100'000;

/// The loop that anyone writes: two reads of the clock around `batch` times the calls.
template <typename Calls>
CUresult take_bare(std::span<std::int64_t> wall_ns, std::int64_t batch, Calls& calls) {
    CUresult failed = CUDA_SUCCESS;
    for (std::int64_t& value : wall_ns) {
        const std::int64_t begin = steady_ns();
        for (std::int64_t call = 0; call < batch; ++call) {
            if (const CUresult result = calls(); result != CUDA_SUCCESS) failed = result;
        }
        value = steady_ns() - begin;
    }
    return failed;
}

/// Our cases and, for each, the same calls bare: on handles and memory of their own, by pointers copied out of the table.
class LayerCost {
public:
    LayerCost(const DriverChoice& driver, ThreadPool& pool) : driver_(driver), pool_(pool) {}

    Result<void> show_launch() {
        PASSBENCH_TRY(const auto instance, prepare("launch", {{"depth", std::int64_t{1}}}));
        PASSBENCH_TRY(const GpuSession session, GpuSession::open(driver_));
        PASSBENCH_TRY(const Module module, session.gpu->load(launch_image()));
        PASSBENCH_TRY(const CUfunction function, function_of(session, module, "launch_count"));
        PASSBENCH_TRY(const DeviceMemory counter, session.gpu->allocate(sizeof(unsigned long long)));
        const auto launch = session.gpu->calls().cuLaunchKernel;
        const auto synchronize = session.gpu->calls().cuStreamSynchronize;
        return show("launch, depth 1", *instance, session,
                    [=, stream = session.stream.get(), address = counter.address()]() mutable {
                        void* parameters[] = {&address};
                        const CUresult launched = launch(function, 1, 1, 1, 1, 1, 1, 0, stream, parameters, nullptr);
                        return first_of(launched, synchronize(stream));
                    });
    }

    Result<void> show_copies(std::int64_t bytes) {
        const auto size_bytes = static_cast<std::size_t>(bytes);
        PASSBENCH_TRY(const GpuSession session, GpuSession::open(driver_));
        PASSBENCH_TRY(const PinnedMemory pinned, session.gpu->allocate_pinned(size_bytes));
        PASSBENCH_TRY(const DeviceMemory memory, session.gpu->allocate(size_bytes));
        const DriverCalls& calls = session.gpu->calls();
        const auto synchronize = calls.cuStreamSynchronize;
        const CUstream stream = session.stream.get();
        // Pages that were never written are read from the cache.
        std::ranges::fill(pinned.bytes(), std::byte{1});
        void* const host = pinned.bytes().data();
        const CUdeviceptr device = memory.address();
        {
            PASSBENCH_TRY(const auto instance, prepare("copy", {{"bytes", bytes}, {"direction", "h2d"}}));
            PASSBENCH_CHECK(
                show("copy h2d, " + format_bytes(bytes), *instance, session, [=, copy = calls.cuMemcpyHtoDAsync] {
                    const CUresult copied = copy(device, host, size_bytes, stream);
                    return first_of(copied, synchronize(stream));
                }));
        }
        PASSBENCH_TRY(const auto instance, prepare("copy", {{"bytes", bytes}, {"direction", "d2h"}}));
        return show("copy d2h, " + format_bytes(bytes), *instance, session, [=, copy = calls.cuMemcpyDtoHAsync] {
            const CUresult copied = copy(host, device, size_bytes, stream);
            return first_of(copied, synchronize(stream));
        });
    }

    Result<void> show_triad() {
        constexpr std::int64_t bytes = 1 << 20;
        constexpr std::size_t size_bytes = bytes;
        constexpr unsigned threads = 256;  // each of two elements
        constexpr unsigned blocks = size_bytes / sizeof(double) / (2 * threads);
        PASSBENCH_TRY(const auto instance, prepare("stream", {{"op", "triad"}, {"bytes", bytes}}));
        PASSBENCH_TRY(const GpuSession session, GpuSession::open(driver_));
        PASSBENCH_TRY(const Module module, session.gpu->load(stream_image()));
        PASSBENCH_TRY(const CUfunction function, function_of(session, module, "stream_triad"));
        std::array<DeviceMemory, 3> arrays;
        for (DeviceMemory& array : arrays) {
            PASSBENCH_TRY(array, session.gpu->allocate(size_bytes));
        }
        const auto launch = session.gpu->calls().cuLaunchKernel;
        const auto synchronize = session.gpu->calls().cuStreamSynchronize;
        return show("stream triad, 3 x " + format_bytes(bytes), *instance, session,
                    [=, stream = session.stream.get(), x = arrays[0].address(), y = arrays[1].address(),
                     out = arrays[2].address(), scalar = 3.0, count = size_bytes / sizeof(double)]() mutable {
                        void* parameters[] = {&x, &y, &out, &scalar, &count};
                        const CUresult launched =
                            launch(function, blocks, 1, 1, threads, 1, 1, 0, stream, parameters, nullptr);
                        return first_of(launched, synchronize(stream));
                    });
    }

    /// The bare kernel does what ours does, on the same numbers: what a card draws, and so its clock, depends on them.
    Result<void> show_fma() {
        constexpr unsigned threads = 256;
        constexpr unsigned blocks_a_multiprocessor = 4;
        PASSBENCH_TRY(const auto instance, prepare("fma", {{"precision", "f32"}}));
        PASSBENCH_TRY(const GpuSession session, GpuSession::open(driver_));
        const Gpu& gpu = *session.gpu;
        const auto multiprocessors =
            static_cast<unsigned>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)));
        const unsigned blocks = multiprocessors * blocks_a_multiprocessor;
        const std::size_t accumulators = std::size_t{blocks} * threads * gpu_fma_accumulators;
        constexpr std::int64_t flops_an_op = 1 << 20;
        constexpr std::int64_t flops_a_pair = 4;
        const long long pairs =
            instance->ops() * flops_an_op / (static_cast<std::int64_t>(accumulators) * flops_a_pair);

        const FmaInputs inputs(seed);
        std::vector<float> start(accumulators);
        for (std::size_t i = 0; i < start.size(); ++i) start[i] = static_cast<float>(inputs.start(i));
        std::array<float, gpu_fma_accumulators> odd{};
        std::array<float, gpu_fma_accumulators> even{};
        for (std::size_t lane = 0; lane < gpu_fma_accumulators; ++lane) {
            odd[lane] = static_cast<float>(inputs.odd(lane));
            even[lane] = static_cast<float>(inputs.even(lane));
        }
        PASSBENCH_TRY(const Module module, gpu.load(fma_image()));
        PASSBENCH_TRY(const CUfunction function, function_of(session, module, "fma_f32"));
        PASSBENCH_TRY(const DeviceMemory start_memory, uploaded(gpu, std::as_bytes(std::span(start))));
        PASSBENCH_TRY(const DeviceMemory odd_memory, uploaded(gpu, std::as_bytes(std::span(odd))));
        PASSBENCH_TRY(const DeviceMemory even_memory, uploaded(gpu, std::as_bytes(std::span(even))));
        PASSBENCH_TRY(const DeviceMemory result_memory, gpu.allocate(accumulators * sizeof(float)));
        PASSBENCH_TRY(const DeviceMemory stamps_memory, gpu.allocate(2 * sizeof(unsigned long long) * blocks));
        const auto launch = gpu.calls().cuLaunchKernel;
        const auto synchronize = gpu.calls().cuStreamSynchronize;
        return show("fma f32", *instance, session,
                    [=, stream = session.stream.get(), first = start_memory.address(), odd_at = odd_memory.address(),
                     even_at = even_memory.address(), multiplier = -1.0F, count = pairs,
                     result = result_memory.address(), stamps = stamps_memory.address()]() mutable {
                        void* parameters[] = {&first, &odd_at, &even_at, &multiplier, &count, &result, &stamps};
                        const CUresult launched =
                            launch(function, blocks, 1, 1, threads, 1, 1, 0, stream, parameters, nullptr);
                        return first_of(launched, synchronize(stream));
                    });
    }

    static void show_heading() {
        fmt::print("{:<24} {:^43}  {:^43}\n", "", "a sample each", "all in one sample");
        fmt::print("{:<24}", "");
        for (int half = 0; half < 2; ++half) {
            fmt::print(" {:>12} {:>12} {:>9} {:>7} ", "bare", "ours", "more", "ratio");
        }
        fmt::print("\n");
    }

private:
    static CUresult first_of(CUresult first, CUresult second) { return first != CUDA_SUCCESS ? first : second; }

    static Result<CUfunction> function_of(const GpuSession& session, const Module& module, const char* name) {
        CUfunction function = nullptr;
        PASSBENCH_CHECK(session.gpu->check(session.gpu->calls().cuModuleGetFunction(&function, module.get(), name),
                                           "finding a kernel"));
        return function;
    }

    static Result<DeviceMemory> uploaded(const Gpu& gpu, std::span<const std::byte> bytes) {
        PASSBENCH_TRY(DeviceMemory memory, gpu.allocate(bytes.size()));
        PASSBENCH_CHECK(gpu.upload(memory, bytes));
        return memory;
    }

    Result<std::unique_ptr<WorkloadInstance>> prepare(const std::string& workload, const Parameters& given) {
        PASSBENCH_TRY(const Parameters complete, complete_parameters(*find_workload(workload), Form::cuda, given));
        return find_workload_form(workload, Form::cuda)
            ->prepare(complete, {.pool = pool_, .seed = seed, .driver = driver_});
    }

    template <typename Calls>
    Result<void> show(const std::string& name, WorkloadInstance& instance, const GpuSession& session, Calls calls) {
        Sampler sampler(instance);
        std::array<std::int64_t, 10> first_look{};
        PASSBENCH_CHECK(sampler.take_wall_alone(first_look, 1));
        const double one_ns = static_cast<double>(std::ranges::max(first_look));
        const double iterations = std::clamp(std::round(round_ns / one_ns), 1.0, most_iterations);

        std::vector<std::int64_t> samples(static_cast<std::size_t>(iterations));
        const std::span<std::int64_t> each = samples;
        const auto all = static_cast<std::int64_t>(samples.size());
        CUresult failed = CUDA_SUCCESS;
        Result<void> sampled;
        const auto bare = [&](std::span<std::int64_t> wall_ns, std::int64_t batch) {
            return [&, wall_ns, batch] { failed = first_of(failed, take_bare(wall_ns, batch, calls)); };
        };
        const auto ours = [&](std::span<std::int64_t> wall_ns, std::int64_t batch) {
            return [&, wall_ns, batch] {
                if (sampled) sampled = sampler.take_wall_alone(wall_ns, batch);
            };
        };
        const std::array<Way, 4> ways = {Way{"bare", bare(each, 1)}, Way{"ours", ours(each, 1)},
                                         Way{"bare", bare(each.first(1), all)}, Way{"ours", ours(each.first(1), all)}};
        const std::vector<TimedWay> timed = time_in_turns(ways, rounds);
        PASSBENCH_CHECK(sampled);
        PASSBENCH_CHECK(session.gpu->check(failed, name + " without our layer"));
        fmt::print("  {:<22}", name);
        for (const std::size_t way : {std::size_t{0}, std::size_t{2}}) {
            fmt::print(" {:>12.1f} {:>12.1f} {:>+9.1f} {:>7.3f} ", median_ns(timed[way]) / iterations,
                       median_ns(timed[way + 1]) / iterations,
                       median_difference_ns(timed[way], timed[way + 1]) / iterations,
                       median_speed(timed[way], timed[way + 1]));
        }
        fmt::print("\n");
        return {};
    }

    const DriverChoice& driver_;
    ThreadPool& pool_;
};

}  // namespace

Result<void> show_layer_cost(const DriverChoice& driver, Copies copies, ThreadPool& pool) {
    constexpr std::array<std::int64_t, 6> sizes = {4, 4 << 10, 64 << 10, 1 << 20, 16 << 20, 256 << 20};
    LayerCost cost(driver, pool);
    LayerCost::show_heading();
    PASSBENCH_CHECK(cost.show_launch());
    for (const std::int64_t bytes : std::span(sizes).first(copies == Copies::smallest ? 1 : sizes.size())) {
        PASSBENCH_CHECK(cost.show_copies(bytes));
    }
    PASSBENCH_CHECK(cost.show_triad());
    PASSBENCH_CHECK(cost.show_fma());
    fmt::print("\n");
    return {};
}

}  // namespace passbench

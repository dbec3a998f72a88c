#include <array>
#include <dlfcn.h>
#include <vector>

#include <fmt/core.h>

#include "guest/agent/bench/driver_overhead.hpp"
#include "harness/core/units.hpp"
#include "kernels/bench/compare.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/driver_places.hpp"

namespace passbench {

namespace {

// Beyond every cache, and an iteration takes long beside its launch; six arrays of it fit the smallest cards.
constexpr std::int64_t array_bytes = std::int64_t{512} << 20;
constexpr unsigned threads_a_block = 1024;  // BabelStream's
constexpr int iterations = 10;              // of a round
constexpr double ns_a_second = 1e9;

using CopyOnDevice = decltype(&cuMemcpyDtoDAsync);

/// Our forms never copy within the device, so our table of the driver's calls does not have this one.
CopyOnDevice find_copy_on_device() {
    for (const char* place : driver_places) {
        void* const library = dlopen(place, RTLD_NOW | RTLD_NOLOAD);
        if (library == nullptr) continue;
        return reinterpret_cast<CopyOnDevice>(dlsym(library, "cuMemcpyDtoDAsync_v2"));
    }
    return nullptr;
}

Result<std::unique_ptr<WorkloadInstance>> prepare(const char* op, ThreadPool& pool) {
    PASSBENCH_TRY(const Parameters complete,
                  complete_parameters(*find_workload("stream"), Form::cuda, {{"op", op}, {"bytes", array_bytes}}));
    PASSBENCH_TRY(auto instance,
                  find_workload_form("stream", Form::cuda)->prepare(complete, {.pool = pool, .seed = 1}));
    PASSBENCH_CHECK(instance->verify());
    return instance;
}

}  // namespace

Result<void> show_stream_rates(ThreadPool& pool) {
    PASSBENCH_TRY(const auto own_triad, prepare("triad", pool));
    PASSBENCH_TRY(const GpuSession session, GpuSession::open({}));
    const Gpu& gpu = *session.gpu;
    const DriverCalls& calls = gpu.calls();
    const CUstream stream = session.stream.get();
    PASSBENCH_TRY(const Module module, gpu.load(plain_kernels_image()));
    CUfunction triad = nullptr;
    PASSBENCH_CHECK(
        gpu.check(calls.cuModuleGetFunction(&triad, module.get(), "babelstream_triad"), "finding a kernel"));
    std::array<DeviceMemory, 3> arrays;
    for (DeviceMemory& array : arrays) {
        PASSBENCH_TRY(array, gpu.allocate(array_bytes));
        constexpr unsigned char pattern = 0x3f;  // a normal number, as a double
        PASSBENCH_CHECK(gpu.check(calls.cuMemsetD8Async(array.address(), pattern, array_bytes, stream), "filling"));
    }
    PASSBENCH_CHECK(gpu.check(calls.cuStreamSynchronize(stream), "filling the arrays"));
    const CopyOnDevice copy = find_copy_on_device();
    if (copy == nullptr) {
        return fail({.code = ErrorCode::unsupported, .what = "the CUDA driver exports no cuMemcpyDtoDAsync_v2"});
    }

    CUresult failed = CUDA_SUCCESS;
    const auto repeated = [&](auto enqueue) {
        return [&, enqueue] {
            for (int i = 0; i < iterations; ++i) {
                const CUresult enqueued = enqueue();
                const CUresult done = calls.cuStreamSynchronize(stream);
                if (enqueued != CUDA_SUCCESS || done != CUDA_SUCCESS)
                    failed = enqueued != CUDA_SUCCESS ? enqueued : done;
            }
        };
    };
    const std::array<Way, 3> ways = {
        Way{"own triad",
            [&] {
                for (int i = 0; i < iterations; ++i) own_triad->iterate();
            }},
        Way{"BabelStream's triad, bare calls", repeated([&] {
                CUdeviceptr a = arrays[0].address();
                CUdeviceptr b = arrays[1].address();
                CUdeviceptr c = arrays[2].address();
                double scalar = 0.4;  // BabelStream's
                void* parameters[] = {&a, &b, &c, &scalar};
                return calls.cuLaunchKernel(triad, array_bytes / sizeof(double) / threads_a_block, 1, 1,
                                            threads_a_block, 1, 1, 0, stream, parameters, nullptr);
            })},
        Way{"copy within the device",
            repeated([&] { return copy(arrays[0].address(), arrays[1].address(), array_bytes, stream); })},
    };
    const std::vector<TimedWay> timed = time_in_turns(ways, overhead_rounds);
    PASSBENCH_CHECK(own_triad->after_sample());
    PASSBENCH_CHECK(gpu.check(failed, "measuring without our layer"));
    constexpr std::array<double, 3> arrays_moved = {3, 3, 2};
    std::array<double, 3> rates{};
    fmt::print("GPU: stream over arrays of {}, bytes counted as STREAM does\n", format_bytes(array_bytes));
    for (std::size_t way = 0; way < ways.size(); ++way) {
        rates[way] =
            iterations * arrays_moved[way] * static_cast<double>(array_bytes) / median_ns(timed[way]) * ns_a_second;
        fmt::print("  {:<32} {:>12}\n", timed[way].name, format_value(rates[way], "B/s"));
    }
    fmt::print("  own triad / the best of the others  {:.3f}   (goal: at least 0.98)\n",
               rates[0] / std::max(rates[1], rates[2]));
    return {};
}

}  // namespace passbench

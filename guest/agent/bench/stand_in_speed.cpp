#include <algorithm>
#include <array>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fmt/core.h>

#include "guest/agent/bench/driver_overhead.hpp"
#include "kernels/bench/compare.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

constexpr double ms_a_ns = 1e-6;
constexpr double us_a_ns = 1e-3;

/// The fastest round too: on a busy machine the median is mostly the neighbours.
void show(const TimedWay& way, double scale, std::string_view unit, std::string_view goal) {
    fmt::print("  {:<42} {:>8.2f} {}, fastest round {:.2f}   (goal: {})\n", way.name, median_ns(way) * scale, unit,
               std::ranges::min(way.ns) * scale, goal);
}

Result<void> open_and_load(const DriverChoice& driver) {
    PASSBENCH_TRY(const auto gpu, Gpu::open(driver));
    PASSBENCH_TRY(const Module module, gpu->load(stream_image()));
    return {};
}

/// In a child, where nothing of the driver is loaded; negative where it failed.
double cold_open_ns(const DriverChoice& driver) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return -1;
    const pid_t child = fork();
    if (child == 0) {
        const std::int64_t begin = steady_ns();
        const bool is_open = open_and_load(driver).has_value();
        const double spent_ns = is_open ? static_cast<double>(steady_ns() - begin) : -1;
        _exit(write(ends[1], &spent_ns, sizeof(spent_ns)) == sizeof(spent_ns) ? 0 : 1);
    }
    close(ends[1]);
    double spent_ns = -1;
    if (child < 0 || read(ends[0], &spent_ns, sizeof(spent_ns)) != sizeof(spent_ns)) spent_ns = -1;
    close(ends[0]);
    if (child > 0) waitpid(child, nullptr, 0);
    return spent_ns;
}

/// c = a * b for n x n matrices of small whole numbers, whose products a float holds exactly.
class Gemm {
public:
    static constexpr int n = 256;

    static Result<Gemm> prepare(const DriverChoice& driver) {
        Gemm gemm;
        PASSBENCH_TRY(gemm.session_, GpuSession::open(driver));
        const Gpu& gpu = *gemm.session_.gpu;
        PASSBENCH_TRY(gemm.module_, gpu.load(plain_kernels_image()));
        PASSBENCH_CHECK(gpu.check(gpu.calls().cuModuleGetFunction(&gemm.function_, gemm.module_.get(), "sgemm_16x16"),
                                  "finding sgemm"));
        for (DeviceMemory* memory : {&gemm.a_, &gemm.b_, &gemm.c_}) {
            PASSBENCH_TRY(*memory, gpu.allocate(elements * sizeof(float)));
        }
        std::vector<float> numbers(elements);
        for (std::size_t i = 0; i < elements; ++i) numbers[i] = a_at(i);
        PASSBENCH_CHECK(gpu.upload(gemm.a_, std::as_bytes(std::span(numbers))));
        for (std::size_t i = 0; i < elements; ++i) numbers[i] = b_at(i);
        PASSBENCH_CHECK(gpu.upload(gemm.b_, std::as_bytes(std::span(numbers))));
        return gemm;
    }

    CUresult run() {
        const DriverCalls& calls = session_.gpu->calls();
        CUdeviceptr a = a_.address();
        CUdeviceptr b = b_.address();
        CUdeviceptr c = c_.address();
        int size = n;
        void* parameters[] = {&a, &b, &c, &size};
        constexpr unsigned tile = 16;
        const CUresult launched = calls.cuLaunchKernel(function_, n / tile, n / tile, 1, tile, tile, 1, 0,
                                                       session_.stream.get(), parameters, nullptr);
        return launched != CUDA_SUCCESS ? launched : calls.cuStreamSynchronize(session_.stream.get());
    }

    /// The error of a run, or of its results.
    [[nodiscard]] Result<void> check(CUresult result) const {
        PASSBENCH_CHECK(session_.gpu->check(result, "multiplying matrices"));
        std::vector<float> found(elements);
        PASSBENCH_CHECK(session_.gpu->download(std::as_writable_bytes(std::span(found)), c_));
        for (std::size_t row = 0; row < n; ++row) {
            for (std::size_t column = 0; column < n; ++column) {
                float sum = 0;
                for (std::size_t k = 0; k < n; ++k) sum += a_at(row * n + k) * b_at(k * n + column);
                if (found[row * n + column] == sum) continue;
                return fail({.code = ErrorCode::verify_failed,
                             .what = fmt::format("sgemm: {} at row {}, column {}, where {} is right",
                                                 found[row * n + column], row, column, sum)});
            }
        }
        return {};
    }

private:
    static constexpr std::size_t elements = std::size_t{n} * n;

    static float a_at(std::size_t i) { return static_cast<float>(i % 7); }
    static float b_at(std::size_t i) { return static_cast<float>(i % 11); }

    GpuSession session_;
    Module module_;
    CUfunction function_ = nullptr;
    DeviceMemory a_;
    DeviceMemory b_;
    DeviceMemory c_;
};

}  // namespace

Result<void> show_opening(const std::string& stand_in) {
    TimedWay cold = {.name = "library, cuInit, context and module", .ns = {}};
    for (int round = 0; round < overhead_rounds; ++round) cold.ns.push_back(cold_open_ns({.library = stand_in}));
    if (std::ranges::min(cold.ns) < 0) {
        return fail({.code = ErrorCode::io, .what = "the stand-in driver does not open in a child", .where = stand_in});
    }
    fmt::print("stand-in driver, cold\n");
    show(cold, ms_a_ns, "ms", "under 20");
    fmt::print("\n");
    return {};
}

Result<void> show_stand_in_speed(const std::string& stand_in, ThreadPool& pool) {
    const auto prepare = [&](std::string_view workload,
                             const Parameters& chosen) -> Result<std::unique_ptr<WorkloadInstance>> {
        PASSBENCH_TRY(const Parameters all, complete_parameters(*find_workload(workload), Form::cuda, chosen));
        return find_workload_form(workload, Form::cuda)
            ->prepare(all, {.pool = pool, .seed = 1, .driver = {.library = stand_in}});
    };
    PASSBENCH_TRY(const auto launch, prepare("launch", {{"depth", std::int64_t{1}}}));
    PASSBENCH_TRY(const auto own_gemm,
                  prepare("gemm", {{"n", std::int64_t{Gemm::n}}, {"precision", "f32"}, {"by", "own"}}));
    PASSBENCH_TRY(Gemm gemm, Gemm::prepare({.library = stand_in}));
    constexpr int launches = 1000;
    CUresult multiplied = CUDA_SUCCESS;
    const std::array<Way, 3> ways = {
        Way{"one launch of one thread, and a wait",
            [&] {
                for (int i = 0; i < launches; ++i) launch->iterate();
            }},
        Way{"gemm/cuda?by=own&n=256&precision=f32", [&] { own_gemm->iterate(); }},
        Way{"sgemm of 256 x 256 x 256 in 16 x 16 tiles", [&] { multiplied = gemm.run(); }}};
    const std::vector<TimedWay> timed = time_in_turns(ways, overhead_rounds);
    for (const auto& instance : {launch.get(), own_gemm.get()}) PASSBENCH_CHECK(instance->after_sample());
    PASSBENCH_CHECK(gemm.check(multiplied));
    fmt::print("stand-in driver, in real time\n");
    show(timed[0], us_a_ns / launches, "us", "under 2");
    for (const TimedWay& gemm_way : {timed[1], timed[2]}) show(gemm_way, ms_a_ns, "ms", "under 40");
    fmt::print("\n");
    return {};
}

}  // namespace passbench

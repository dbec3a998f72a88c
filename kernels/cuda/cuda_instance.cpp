#include "kernels/cuda/cuda_instance.hpp"

#include <cmath>

#include <fmt/core.h>

#include "harness/core/findings.hpp"

namespace passbench {

Result<GpuSession> GpuSession::open(const DriverChoice& choice, CUctx_flags waiting) {
    GpuSession session;
    PASSBENCH_TRY(session.gpu, Gpu::open(choice, waiting));
    PASSBENCH_TRY(session.stream, session.gpu->make_stream());
    PASSBENCH_TRY(session.begin, session.gpu->make_event());
    PASSBENCH_TRY(session.end, session.gpu->make_event());
    return session;
}

std::string CudaInstance::isa() const {
    const auto [major, minor] = gpu().compute_capability();
    return fmt::format("sm_{}{}", major, minor);
}

std::string CudaInstance::device() const {
    return fmt::format("{}, {}, {} SMs", gpu().name(), isa(),
                       gpu().attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
}

Result<void> CudaInstance::measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) {
    PASSBENCH_CHECK(before_sample());
    const DriverCalls& calls = gpu().calls();
    note(calls.cuEventRecord(session_.begin.get(), timed_stream().get()));
    for (std::int64_t i = 0; i < iterations; ++i) note(enqueue());
    note(calls.cuEventRecord(session_.end.get(), timed_stream().get()));
    note(calls.cuStreamSynchronize(timed_stream().get()));
    PASSBENCH_CHECK(noted());
    PASSBENCH_TRY(const double elapsed, elapsed_ns());
    values[0] = std::llround(elapsed);
    return {};
}

Result<double> CudaInstance::elapsed_ns() const {
    float elapsed_ms = 0;
    PASSBENCH_CHECK(gpu().check(gpu().calls().cuEventElapsedTime(&elapsed_ms, session_.begin.get(), session_.end.get()),
                                "reading the device's time"));
    constexpr double ns_a_ms = 1e6;
    return static_cast<double>(elapsed_ms) * ns_a_ms;
}

std::int64_t CudaInstance::time_calls(std::int64_t iterations) {
    const WallClock now = wall_clock();
    std::int64_t spent_ns = 0;
    for (std::int64_t i = 0; i < iterations; ++i) {
        const std::int64_t begin = now();
        note(enqueue());
        spent_ns += now() - begin;
        note(wait());
    }
    return spent_ns;
}

Result<void> CudaInstance::verify() {
    PASSBENCH_CHECK(spoil_results());
    PASSBENCH_CHECK(iterate_once());
    PASSBENCH_CHECK(fetch_results());
    return check_results();
}

Result<void> CudaInstance::check_results() const {
    auto compared = compare_results();
    if (compared) return {};
    Error error = std::move(compared).error();
    const Finding* finding = find_finding("gpu.wrong_results");
    error.finding = finding->name;
    error.fix = finding->cure;
    return fail(std::move(error));
}

Result<void> CudaInstance::iterate_once() {
    iterate();
    return noted();
}

}  // namespace passbench

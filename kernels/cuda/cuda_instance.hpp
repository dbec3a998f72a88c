// What all cuda forms have in common: a GPU, a stream, and the two times of an iteration. The timed iteration is the bare calls of
// the driver. Device time comes from a twin: the same work once more, right after and untimed, between two events; an event
// inside the timed iteration would lengthen the wall time that a passthrough method is judged by.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/cuda/gpu.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {

/// A GPU opened for one case, with what times it.
struct GpuSession {
    std::unique_ptr<const Gpu> gpu;
    Stream stream;
    Event begin;
    Event end;

    /// `waiting`: as Gpu::open.
    [[nodiscard]] static Result<GpuSession> open(const DriverChoice& choice, CUctx_flags waiting = CU_CTX_SCHED_AUTO);
};

class CudaInstance : public WorkloadInstance {
public:
    void iterate() final {
        note(enqueue());
        note(wait());
    }
    [[nodiscard]] int threads() const final { return 1; }
    [[nodiscard]] std::string isa() const final;
    [[nodiscard]] WallClock wall_clock() const final { return gpu().driver().clock(); }
    [[nodiscard]] std::string device() const final;
    [[nodiscard]] std::string device_uuid() const final { return gpu().uuid(); }
    [[nodiscard]] std::int64_t device_memory_bytes() const override { return gpu().allocated_bytes(); }
    [[nodiscard]] bool is_simulated() const final { return gpu().driver().is_simulated(); }
    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"device_ns"}; }
    [[nodiscard]] Result<void> after_sample() override { return noted(); }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override;
    [[nodiscard]] Result<void> verify() override;
    [[nodiscard]] Result<void> check_results() const final;

protected:
    explicit CudaInstance(GpuSession session) : session_(std::move(session)) {}

    /// Hands one iteration's work to the stream.
    virtual CUresult enqueue() = 0;
    /// Returns when the work of enqueue() is done.
    virtual CUresult wait() { return session_.gpu->calls().cuStreamSynchronize(session_.stream.get()); }
    /// Makes every result wrong on both sides, so that an old one cannot pass for a new one.
    [[nodiscard]] virtual Result<void> spoil_results() = 0;
    /// Compares all fetched results. Error `verify_failed` naming the first wrong element.
    [[nodiscard]] virtual Result<void> compare_results() const = 0;

    /// Keeps the first error of calls that are not asked one by one.
    void note(CUresult result) {
        if (result != CUDA_SUCCESS && noted_ == CUDA_SUCCESS) noted_ = result;
    }
    /// What the calls of enqueue() take, without the wait for it, in so many iterations.
    [[nodiscard]] std::int64_t time_calls(std::int64_t iterations);
    /// Where the work of enqueue() begins next and the last has ended: the events that time it stand there.
    [[nodiscard]] virtual const Stream& timed_stream() const { return session_.stream; }
    /// The error that was noted, if any.
    [[nodiscard]] Result<void> noted() const { return gpu().check(noted_, "measuring on the device"); }
    /// iterate(), and the error of it.
    [[nodiscard]] Result<void> iterate_once();
    [[nodiscard]] const Gpu& gpu() const { return *session_.gpu; }
    [[nodiscard]] const Stream& stream() const { return session_.stream; }
    /// What times the device: recorded on streams, then read when both have passed.
    [[nodiscard]] const Event& begin_event() const { return session_.begin; }
    [[nodiscard]] const Event& end_event() const { return session_.end; }
    /// Between the two events, in ns.
    [[nodiscard]] Result<double> elapsed_ns() const;

private:
    GpuSession session_;
    CUresult noted_ = CUDA_SUCCESS;
};

}  // namespace passbench

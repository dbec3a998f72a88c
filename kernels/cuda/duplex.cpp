// duplex: a copy on one stream, and beside it on another one a copy the other way or arithmetic.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/duplex_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/transfers.hpp"

namespace passbench {

namespace {

// A step of the arithmetic takes some 3 ns, in which a Gen3 link of 16 lanes carries about 32 bytes.
constexpr std::size_t bytes_a_step = 32;
constexpr std::size_t line_bytes = 64;

/// Which halves run: each alone, or both.
struct Halves {
    bool first;
    bool second;
};

struct Case {
    bool is_first_to_device;
    bool is_compute;
    std::size_t bytes;
    std::uint64_t seed;
};

/// A buffer on both sides of the link.
struct BothSides {
    PinnedMemory host;
    DeviceMemory device;

    static Result<BothSides> allocate(const Gpu& gpu, std::size_t size_bytes) {
        BothSides memory;
        PASSBENCH_TRY(memory.host, gpu.allocate_pinned(size_bytes));
        PASSBENCH_TRY(memory.device, gpu.allocate(size_bytes));
        return memory;
    }
};

struct DuplexMemory {
    BothSides first;
    BothSides second;     // of a second copy
    DeviceMemory start;   // of arithmetic
    DeviceMemory values;  // its results
    Buffer results;       // all that is looked at
    Buffer start_values;  // on their way to the device
};

/// The second stream, and what makes one wait for the other.
struct SecondStream {
    Stream stream;
    Event begun;
    Event ended;

    static Result<SecondStream> open(const Gpu& gpu) {
        SecondStream second;
        PASSBENCH_TRY(second.stream, gpu.make_stream());
        PASSBENCH_TRY(second.begun, gpu.make_event());
        PASSBENCH_TRY(second.ended, gpu.make_event());
        return second;
    }
};

class DuplexInstance final : public CudaInstance {
public:
    DuplexInstance(ThreadPool& pool, const Case& what, GpuSession session, SecondStream second, TransferKernels kernels,
                   DuplexMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          second_(std::move(second)),
          kernels_(std::move(kernels)),
          memory_(std::move(memory)),
          inputs_(what.seed),
          steps_(duplex_steps(what.bytes, bytes_a_step)) {}

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    [[nodiscard]] Result<void> spoil_results() override {
        std::ranges::fill(memory_.results.bytes(), std::byte{0xff});
        PASSBENCH_CHECK(spoil_copy(memory_.first, inputs_.first(), case_.is_first_to_device));
        if (!case_.is_compute) return spoil_copy(memory_.second, inputs_.second(), !case_.is_first_to_device);
        const std::span<std::uint32_t> start = memory_.start_values.as<std::uint32_t>();
        for (std::size_t i = 0; i < start.size(); ++i) start[i] = inputs_.start(i);
        PASSBENCH_CHECK(gpu().upload(memory_.start, memory_.start_values.bytes()));
        return gpu().upload(memory_.values, memory_.results.bytes().subspan(case_.bytes));
    }

    [[nodiscard]] Result<void> fetch_results() override {
        const std::span<std::byte> all = memory_.results.bytes();
        PASSBENCH_CHECK(fetch_copy(memory_.first, case_.is_first_to_device, all.first(case_.bytes)));
        const std::span<std::byte> rest = all.subspan(case_.bytes);
        if (case_.is_compute) return gpu().download(rest, memory_.values);
        return fetch_copy(memory_.second, !case_.is_first_to_device, rest);
    }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.results.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = 1}; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"device_ns", "overlap_ppm"}; }
    /// Both together, then each alone, on the device's clock.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_TRY(const double both_ns, time_of(iterations, {.first = true, .second = true}));
        PASSBENCH_TRY(const double first_ns, time_of(iterations, {.first = true, .second = false}));
        PASSBENCH_TRY(const double second_ns, time_of(iterations, {.first = false, .second = true}));
        values[0] = std::llround(both_ns);
        values[1] = overlap_ppm(first_ns, second_ns, both_ns);
        return {};
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        return link_limit(gpu(), case_.is_compute ? 1 : 2);
    }

private:
    [[nodiscard]] Result<void> compare_results() const override {
        const std::span<const std::byte> all = memory_.results.bytes();
        return case_.is_compute ? inputs_.check_compute(pool_, all, case_.bytes, steps_)
                                : inputs_.check_copies(pool_, all, case_.bytes);
    }

    [[nodiscard]] Result<void> spoil_copy(const BothSides& memory, const CopyInputs& inputs, bool is_to_device) const {
        const std::span<std::byte> host = memory.host.bytes();
        const auto in_shares = [&](void (CopyInputs::*write)(std::span<std::byte>, const Share&) const) {
            pool_.run(pool_.size(), [&](int worker) {
                (inputs.*write)(host, share_of(host.size(), worker, pool_.size(), line_bytes));
            });
        };
        in_shares(is_to_device ? &CopyInputs::spoil : &CopyInputs::fill);
        PASSBENCH_CHECK(gpu().upload(memory.device, host));
        in_shares(is_to_device ? &CopyInputs::fill : &CopyInputs::spoil);
        return {};
    }

    [[nodiscard]] Result<void> fetch_copy(const BothSides& memory, bool is_to_device, std::span<std::byte> to) const {
        if (is_to_device) return gpu().download(to, memory.device);
        std::memcpy(to.data(), memory.host.bytes().data(), to.size());
        return {};
    }

    [[nodiscard]] CUresult copy_on(const Stream& on, const BothSides& memory, bool is_to_device) const {
        const DriverCalls& calls = gpu().calls();
        const std::span<std::byte> host = memory.host.bytes();
        const CUdeviceptr device = memory.device.address();
        return is_to_device ? calls.cuMemcpyHtoDAsync(device, host.data(), host.size(), on.get())
                            : calls.cuMemcpyDtoHAsync(host.data(), device, host.size(), on.get());
    }
    [[nodiscard]] CUresult first() const { return copy_on(stream(), memory_.first, case_.is_first_to_device); }
    [[nodiscard]] CUresult second() const {
        if (!case_.is_compute) return copy_on(second_.stream, memory_.second, !case_.is_first_to_device);
        return kernels_.compute(second_.stream, memory_.start.address(), memory_.values.address(), steps_);
    }

    CUresult enqueue() override {
        if (const CUresult result = first(); result != CUDA_SUCCESS) return result;
        return second();
    }
    CUresult wait() override {
        if (const CUresult result = CudaInstance::wait(); result != CUDA_SUCCESS) return result;
        return gpu().calls().cuStreamSynchronize(second_.stream.get());
    }

    /// From an event that both streams have waited for to one that waits for both.
    [[nodiscard]] Result<double> time_of(std::int64_t iterations, Halves halves) {
        const DriverCalls& calls = gpu().calls();
        note(calls.cuEventRecord(begin_event().get(), stream().get()));
        note(calls.cuEventRecord(second_.begun.get(), stream().get()));
        note(calls.cuStreamWaitEvent(second_.stream.get(), second_.begun.get(), CU_EVENT_WAIT_DEFAULT));
        for (std::int64_t i = 0; i < iterations; ++i) {
            if (halves.first) note(first());
            if (halves.second) note(second());
        }
        note(calls.cuEventRecord(second_.ended.get(), second_.stream.get()));
        note(calls.cuStreamWaitEvent(stream().get(), second_.ended.get(), CU_EVENT_WAIT_DEFAULT));
        note(calls.cuEventRecord(end_event().get(), stream().get()));
        note(wait());
        PASSBENCH_CHECK(noted());
        return elapsed_ns();
    }

    ThreadPool& pool_;
    const Case case_;
    SecondStream second_;
    TransferKernels kernels_;
    DuplexMemory memory_;
    const DuplexInputs inputs_;
    const std::uint32_t steps_;
};

Result<DuplexMemory> allocate(const Gpu& gpu, const Case& what, std::size_t chains) {
    const std::size_t chains_bytes = chains * sizeof(std::uint32_t);
    DuplexMemory memory;
    PASSBENCH_TRY(memory.first, BothSides::allocate(gpu, what.bytes));
    if (what.is_compute) {
        PASSBENCH_TRY(memory.start, gpu.allocate(chains_bytes));
        PASSBENCH_TRY(memory.values, gpu.allocate(chains_bytes));
        PASSBENCH_TRY(memory.start_values, Buffer::allocate(chains_bytes));
    } else {
        PASSBENCH_TRY(memory.second, BothSides::allocate(gpu, what.bytes));
    }
    PASSBENCH_TRY(memory.results, Buffer::allocate(what.bytes + (what.is_compute ? chains_bytes : what.bytes)));
    return memory;
}

}  // namespace

PreparedCase prepare_cuda_duplex(const Parameters& parameters, const InstanceContext& context) {
    const Case what = {.is_first_to_device = word_of(parameters, "direction") == "h2d",
                       .is_compute = word_of(parameters, "with") == "compute",
                       .bytes = static_cast<std::size_t>(integer_of(parameters, "bytes")),
                       .seed = context.seed};
    const std::size_t host_buffers = what.is_compute ? 2 : 4;
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(host_buffers * what.bytes), available_memory_bytes()));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(SecondStream second, SecondStream::open(gpu));
    PASSBENCH_TRY(TransferKernels kernels, TransferKernels::load(gpu));
    PASSBENCH_TRY(DuplexMemory memory, allocate(gpu, what, kernels.compute_chains()));
    auto instance = std::make_unique<DuplexInstance>(context.pool, what, std::move(session), std::move(second),
                                                     std::move(kernels), std::move(memory));
    PASSBENCH_CHECK(instance->spoil_results());
    return instance;
}

}  // namespace passbench

// event: turns of a tiny kernel that go from stream to stream, or to the host, by events.
#include <array>

#include <fmt/core.h>

#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

using Count = unsigned long long;  // what the kernel counts in
using TurnKernel = Kernel<CUdeviceptr, Count>;

constexpr Grid one_thread = {.blocks = 1, .threads = 1};

/// What is handed over to: the host by the event, or another stream and from there on `hops` times in all.
struct Case {
    bool to_host;
    std::int64_t hops;
};

/// Two streams and the event behind the last kernel of each.
struct Sides {
    std::array<Stream, 2> streams;
    std::array<Event, 2> events;

    static Result<Sides> make(const Gpu& gpu) {
        Sides sides;
        for (Stream& stream : sides.streams) {
            PASSBENCH_TRY(stream, gpu.make_stream());
        }
        for (Event& event : sides.events) {
            PASSBENCH_TRY(event, gpu.make_event(CU_EVENT_DISABLE_TIMING));  // nobody asks it for a time
        }
        return sides;
    }
};

class EventInstance final : public CudaInstance {
public:
    EventInstance(GpuSession session, Module module, TurnKernel kernel, DeviceMemory turns, Sides sides,
                  const Case& what)
        : CudaInstance(std::move(session)),
          module_(std::move(module)),
          kernel_(kernel),
          turns_(std::move(turns)),
          sides_(std::move(sides)),
          case_(what) {}

    [[nodiscard]] std::int64_t ops() const override { return case_.hops; }

    [[nodiscard]] Result<void> fetch_results() override {
        counts_.handed = handed_;
        return gpu().download(std::as_writable_bytes(std::span(&counts_.seen, 1)), turns_);
    }
    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&counts_.seen, 1));
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"device_ns", "calls_ns"}; }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        values[1] = time_calls(iterations);
        return noted();
    }

private:
    struct Counts {
        Count seen = 0;    // by the device
        Count handed = 0;  // by us
    };

    [[nodiscard]] Result<void> spoil_results() override {
        counts_ = {};
        handed_ = 0;
        return gpu().upload(turns_, std::as_bytes(std::span(&counts_.seen, 1)));
    }
    [[nodiscard]] Result<void> compare_results() const override {
        if (counts_.seen == counts_.handed) return {};
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("event: {} turns were taken in order where {} were handed over", counts_.seen,
                                         counts_.handed)});
    }

    [[nodiscard]] const Stream& timed_stream() const override { return sides_.streams[side_]; }

    CUresult take_turn() { return kernel_.launch(timed_stream(), one_thread, turns_.address(), handed_++); }

    CUresult hand_over() {
        const DriverCalls& calls = gpu().calls();
        const CUevent event = sides_.events[side_].get();
        if (const CUresult recorded = calls.cuEventRecord(event, timed_stream().get()); recorded != CUDA_SUCCESS)
            return recorded;
        if (case_.to_host) return CUDA_SUCCESS;
        side_ = 1 - side_;
        if (const CUresult waits = calls.cuStreamWaitEvent(timed_stream().get(), event, CU_EVENT_WAIT_DEFAULT);
            waits != CUDA_SUCCESS) {
            return waits;
        }
        return take_turn();
    }

    /// Goes on where the last iteration ended, so that turns stay in order even where nobody waits between two iterations.
    CUresult enqueue() override {
        CUresult result = take_turn();
        for (std::int64_t hop = 0; hop < case_.hops && result == CUDA_SUCCESS; ++hop) result = hand_over();
        return result;
    }

    CUresult wait() override {
        const DriverCalls& calls = gpu().calls();
        return case_.to_host ? calls.cuEventSynchronize(sides_.events[side_].get())
                             : calls.cuStreamSynchronize(timed_stream().get());
    }

    Module module_;
    TurnKernel kernel_;
    DeviceMemory turns_;
    Sides sides_;
    const Case case_;
    std::size_t side_ = 0;  // where the last turn was taken
    Count handed_ = 0;      // since the device's number was set to zero
    Counts counts_;
};

}  // namespace

PreparedCase prepare_cuda_event(const Parameters& parameters, const InstanceContext& context) {
    const std::string_view op = word_of(parameters, "op");
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(Module module, gpu.load(event_image()));
    PASSBENCH_TRY(const TurnKernel kernel, (gpu.kernel<CUdeviceptr, Count>(module, "event_turn")));
    PASSBENCH_TRY(DeviceMemory turns, gpu.allocate(sizeof(Count)));
    const Count zero = 0;
    PASSBENCH_CHECK(gpu.upload(turns, std::as_bytes(std::span(&zero, 1))));
    PASSBENCH_TRY(Sides sides, Sides::make(gpu));
    const Case what = {.to_host = op == "record", .hops = op == "chain" ? integer_of(parameters, "hops") : 1};
    return std::make_unique<EventInstance>(std::move(session), std::move(module), kernel, std::move(turns),
                                           std::move(sides), what);
}

}  // namespace passbench

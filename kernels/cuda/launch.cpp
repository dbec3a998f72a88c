// launch: as many launches of a nearly empty kernel as `depth` says, then one wait. What `dispatch` is for the processor.
#include <optional>

#include <fmt/core.h>

#include "harness/records/part_facts.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/launch_stamps.hpp"

namespace passbench {

namespace {

using Count = unsigned long long;  // what the kernel adds to
using CountKernel = Kernel<CUdeviceptr>;

constexpr Grid one_thread = {.blocks = 1, .threads = 1};

/// Driver's ways are chosen with the context; a polling host asks again and again by itself, which also hands over what a driver
/// keeps back to send more at once.
enum class Wait { in_the_driver, by_polling };

struct Case {
    std::int64_t depth;
    Wait wait;
};

/// What takes the stamps, or why they cannot be taken here.
struct Stamping {
    std::optional<LaunchStamper> stamper;
    std::string why_not;
};

class LaunchInstance final : public CudaInstance {
public:
    LaunchInstance(GpuSession session, Module module, CountKernel kernel, DeviceMemory counter, Stamping stamping,
                   const Case& what)
        : CudaInstance(std::move(session)),
          module_(std::move(module)),
          kernel_(kernel),
          counter_(std::move(counter)),
          stamping_(std::move(stamping)),
          case_(what) {}

    [[nodiscard]] std::int64_t ops() const override { return case_.depth; }

    [[nodiscard]] Result<void> fetch_results() override {
        counts_.handed = handed_;
        return gpu().download(std::as_writable_bytes(std::span(&counts_.seen, 1)), counter_);
    }
    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&counts_.seen, 1));
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override {
        if (!stamping_.stamper) return {"device_ns", "calls_ns"};
        return {"device_ns",          "calls_ns", "stamped_ns",       "enqueue_ns",
                "submit_to_start_ns", "run_ns",   "finish_to_wake_ns"};
    }
    /// Twins: between events; with the calls timed alone; and stamped.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        values[1] = time_calls(iterations);
        PASSBENCH_CHECK(noted());
        if (!stamping_.stamper) return {};
        handed_ += static_cast<Count>(iterations * case_.depth);
        PASSBENCH_TRY(const LaunchTimes times, stamping_.stamper->take({.stream = stream(),
                                                                        .counter = counter_.address(),
                                                                        .launch_plain = [this] { return launch(); },
                                                                        .wait = [this] { return wait(); }},
                                                                       iterations));
        values[2] = times.whole_ns;
        values[3] = times.parts.enqueue_ns;
        values[4] = times.parts.submit_to_start_ns;
        values[5] = times.parts.run_ns;
        values[6] = times.parts.finish_to_wake_ns;
        return {};
    }
    [[nodiscard]] Facts facts() const override {
        if (stamping_.stamper) return stamping_.stamper->facts();
        return {{std::string(trial_fact::parts_why), stamping_.why_not}};
    }

private:
    struct Counts {
        Count seen = 0;    // by the device
        Count handed = 0;  // by us
    };

    [[nodiscard]] Result<void> spoil_results() override {
        counts_ = {};
        handed_ = 0;
        if (stamping_.stamper) stamping_.stamper->forget_timers();
        return gpu().upload(counter_, std::as_bytes(std::span(&counts_.seen, 1)));
    }
    [[nodiscard]] Result<void> compare_results() const override {
        if (counts_.seen == counts_.handed) return {};
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("launch: the kernel ran {} times where {} launches were handed over",
                                         counts_.seen, counts_.handed)});
    }

    CUresult launch() { return kernel_.launch(stream(), one_thread, counter_.address()); }

    CUresult enqueue() override {
        for (std::int64_t i = 0; i < case_.depth; ++i) {
            if (const CUresult result = launch(); result != CUDA_SUCCESS) return result;
            ++handed_;
        }
        return CUDA_SUCCESS;
    }

    CUresult wait() override {
        if (case_.wait == Wait::in_the_driver) return CudaInstance::wait();
        const auto query = gpu().calls().cuStreamQuery;
        CUresult state = CUDA_ERROR_NOT_READY;
        while (state == CUDA_ERROR_NOT_READY) state = query(stream().get());
        return state;
    }

    Module module_;
    CountKernel kernel_;
    DeviceMemory counter_;
    Stamping stamping_;
    const Case case_;
    Count handed_ = 0;  // since the device's counter was set to zero
    Counts counts_;
};

CUctx_flags waiting_of(std::string_view sync) {
    if (sync == "spin") return CU_CTX_SCHED_SPIN;
    if (sync == "yield") return CU_CTX_SCHED_YIELD;
    if (sync == "block") return CU_CTX_SCHED_BLOCKING_SYNC;
    return CU_CTX_SCHED_AUTO;  // poll: the driver is never waited in
}

/// Without the stamps a case is still measured; what has nothing to do with them is an error.
Result<Stamping> open_stamping(const Gpu& gpu, const Module& module, std::int64_t depth) {
    auto stamper = LaunchStamper::open(gpu, module, depth);
    if (stamper) return Stamping{.stamper = *std::move(stamper), .why_not = ""};
    if (stamper.error().code != ErrorCode::unsupported) return fail(std::move(stamper).error());
    return Stamping{.stamper = std::nullopt, .why_not = std::move(stamper).error().what};
}

}  // namespace

PreparedCase prepare_cuda_launch(const Parameters& parameters, const InstanceContext& context) {
    const std::string_view sync = word_of(parameters, "sync");
    const Case what = {.depth = integer_of(parameters, "depth"),
                       .wait = sync == "poll" ? Wait::by_polling : Wait::in_the_driver};
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver, waiting_of(sync)));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(Module module, gpu.load(launch_image()));
    PASSBENCH_TRY(const CountKernel kernel, gpu.kernel<CUdeviceptr>(module, "launch_count"));
    PASSBENCH_TRY(DeviceMemory counter, gpu.allocate(sizeof(Count)));
    const Count zero = 0;
    PASSBENCH_CHECK(gpu.upload(counter, std::as_bytes(std::span(&zero, 1))));
    PASSBENCH_TRY(Stamping stamping, open_stamping(gpu, module, what.depth));
    return std::make_unique<LaunchInstance>(std::move(session), std::move(module), kernel, std::move(counter),
                                            std::move(stamping), what);
}

}  // namespace passbench

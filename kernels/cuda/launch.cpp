// launch: as many launches of a nearly empty kernel as `depth` says, then one wait. What `dispatch` is for the processor.
#include <fmt/core.h>

#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

using Count = unsigned long long;  // what the kernel adds to
using CountKernel = Kernel<CUdeviceptr>;

constexpr Grid one_thread = {.blocks = 1, .threads = 1};

class LaunchInstance final : public CudaInstance {
public:
    LaunchInstance(GpuSession session, Module module, CountKernel kernel, DeviceMemory counter, std::int64_t depth)
        : CudaInstance(std::move(session)),
          module_(std::move(module)),
          kernel_(kernel),
          counter_(std::move(counter)),
          depth_(depth) {}

    [[nodiscard]] std::int64_t ops() const override { return depth_; }

    [[nodiscard]] Result<void> fetch_results() override {
        counts_.handed = handed_;
        return gpu().download(std::as_writable_bytes(std::span(&counts_.seen, 1)), counter_);
    }
    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&counts_.seen, 1));
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"device_ns", "enqueue_ns"}; }
    /// enqueue_ns: from before the first launch until the last call has returned, in as many iterations more.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        values[1] = 0;
        for (std::int64_t i = 0; i < iterations; ++i) {
            const std::int64_t begin = wall_clock()();
            note(enqueue());
            values[1] += wall_clock()() - begin;
            note(gpu().calls().cuStreamSynchronize(stream().get()));
        }
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
        return gpu().upload(counter_, std::as_bytes(std::span(&counts_.seen, 1)));
    }
    [[nodiscard]] Result<void> compare_results() const override {
        if (counts_.seen == counts_.handed) return {};
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("launch: the kernel ran {} times where {} launches were handed over",
                                         counts_.seen, counts_.handed)});
    }

    CUresult enqueue() override {
        for (std::int64_t i = 0; i < depth_; ++i) {
            if (const CUresult result = kernel_.launch(stream(), one_thread, counter_.address());
                result != CUDA_SUCCESS) {
                return result;
            }
            ++handed_;
        }
        return CUDA_SUCCESS;
    }

    Module module_;
    CountKernel kernel_;
    DeviceMemory counter_;
    const std::int64_t depth_;
    Count handed_ = 0;  // since the device's counter was set to zero
    Counts counts_;
};

}  // namespace

PreparedCase prepare_cuda_launch(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(Module module, gpu.load(launch_image()));
    PASSBENCH_TRY(const CountKernel kernel, gpu.kernel<CUdeviceptr>(module, "launch_count"));
    PASSBENCH_TRY(DeviceMemory counter, gpu.allocate(sizeof(Count)));
    const Count zero = 0;
    PASSBENCH_CHECK(gpu.upload(counter, std::as_bytes(std::span(&zero, 1))));
    return std::make_unique<LaunchInstance>(std::move(session), std::move(module), kernel, std::move(counter),
                                            integer_of(parameters, "depth"));
}

}  // namespace passbench

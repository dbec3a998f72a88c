// host-read: a kernel adds up what it reads from mapped memory of the host.
#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/read_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/transfers.hpp"

namespace passbench {

namespace {

class HostReadInstance final : public CudaInstance {
public:
    HostReadInstance(GpuSession session, TransferKernels kernels, PinnedMemory memory, CUdeviceptr address,
                     DeviceMemory sum, double right)
        : CudaInstance(std::move(session)),
          kernels_(std::move(kernels)),
          memory_(std::move(memory)),
          address_(address),
          sum_(std::move(sum)),
          right_(right) {}

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    [[nodiscard]] Result<void> spoil_results() override {
        passes_ = 0;
        read_ = {};
        return gpu().upload(sum_, std::as_bytes(std::span(&read_.seen, 1)));
    }
    /// The device adds every pass to the same sum: whole numbers, exact as far as no trial ever comes (2^53).
    [[nodiscard]] Result<void> fetch_results() override {
        read_.expected = right_ * passes_;
        return gpu().download(results(), sum_);
    }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(&read_.seen, 1)); }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return link_limit(gpu(), 1); }

private:
    [[nodiscard]] Result<void> compare_results() const override { return read_.check(); }

    CUresult enqueue() override {
        ++passes_;
        return kernels_.add_up(stream(), address_, sum_.address(), memory_.bytes().size() / sizeof(double));
    }

    TransferKernels kernels_;
    PinnedMemory memory_;
    const CUdeviceptr address_;
    DeviceMemory sum_;
    const double right_;  // the sum of one pass
    double passes_ = 0;
    ReadSum read_;
};

}  // namespace

PreparedCase prepare_cuda_host_read(const Parameters& parameters, const InstanceContext& context) {
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(TransferKernels kernels, TransferKernels::load(gpu));
    PASSBENCH_TRY(PinnedMemory memory, gpu.allocate_pinned(size_bytes, PinnedKind::mapped));
    PASSBENCH_TRY(const CUdeviceptr address, gpu.device_address(memory));
    PASSBENCH_TRY(DeviceMemory sum, gpu.allocate(sizeof(double)));
    const std::size_t count = size_bytes / sizeof(double);
    const ReadInputs inputs(context.seed);
    const int threads = context.pool.size();
    inputs.fill(context.pool, threads, {reinterpret_cast<double*>(memory.bytes().data()), count});
    auto instance =
        std::make_unique<HostReadInstance>(std::move(session), std::move(kernels), std::move(memory), address,
                                           std::move(sum), inputs.sum(context.pool, threads, count));
    PASSBENCH_CHECK(instance->spoil_results());
    return instance;
}

}  // namespace passbench

// host-chase: one thread of the device goes from pointer to pointer through mapped memory of the host.
#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/chain_inputs.hpp"
#include "kernels/cpu/chase_position.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/transfers.hpp"

namespace passbench {

namespace {

// About 20 ms over a link that takes over a us to answer: long beside a launch, short beside a watchdog.
constexpr std::uint64_t usual_hops = 1 << 14;

class HostChaseInstance final : public CudaInstance {
public:
    HostChaseInstance(GpuSession session, TransferKernels kernels, const ChainInputs& chain, PinnedMemory memory,
                      CUdeviceptr address, DeviceMemory place)
        : CudaInstance(std::move(session)),
          kernels_(std::move(kernels)),
          chain_(chain),
          memory_(std::move(memory)),
          address_(address),
          place_(std::move(place)),
          hops_(chain.never_whole_rounds(usual_hops)) {}

    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(hops_); }

    [[nodiscard]] Result<void> spoil_results() override {
        walked_ = 0;
        position_ = {};
        const std::uint64_t begin = address_ + chain_.offset_after(0);
        return gpu().upload(place_, std::as_bytes(std::span(&begin, 1)));
    }
    [[nodiscard]] Result<void> fetch_results() override {
        std::uint64_t at = 0;
        PASSBENCH_CHECK(gpu().download(std::as_writable_bytes(std::span(&at, 1)), place_));
        position_ = {.seen = at - address_, .expected = chain_.offset_after(walked_)};
        return {};
    }
    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&position_.seen, 1));
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    [[nodiscard]] Result<void> compare_results() const override { return position_.check(); }

    CUresult enqueue() override {
        walked_ += hops_;
        return kernels_.chase(stream(), place_.address(), static_cast<unsigned>(hops_));
    }

    TransferKernels kernels_;
    const ChainInputs chain_;
    PinnedMemory memory_;
    const CUdeviceptr address_;
    DeviceMemory place_;
    const std::uint64_t hops_;
    std::uint64_t walked_ = 0;
    ChasePosition position_;
};

}  // namespace

PreparedCase prepare_cuda_host_chase(const Parameters& parameters, const InstanceContext& context) {
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(TransferKernels kernels, TransferKernels::load(gpu));
    PASSBENCH_TRY(PinnedMemory memory, gpu.allocate_pinned(size_bytes, PinnedKind::mapped));
    PASSBENCH_TRY(const CUdeviceptr address, gpu.device_address(memory));
    const ChainInputs chain(context.seed, size_bytes / chain_node_bytes);
    ThreadPool& pool = context.pool;
    pool.run(pool.size(),
             [&](int worker) { chain.fill(memory.bytes(), address, share_of(chain.nodes(), worker, pool.size())); });
    PASSBENCH_TRY(DeviceMemory place, gpu.allocate(sizeof(std::uint64_t)));
    auto instance = std::make_unique<HostChaseInstance>(std::move(session), std::move(kernels), chain,
                                                        std::move(memory), address, std::move(place));
    PASSBENCH_CHECK(instance->spoil_results());
    return instance;
}

}  // namespace passbench

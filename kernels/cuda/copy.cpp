// copy: between host and device, by the driver's own copy on a stream, from pinned or pageable memory.
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/copy_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/device_limits.hpp"
#include "kernels/cuda/forms.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;

/// Host memory of one of the two kinds.
class HostMemory {
public:
    static Result<HostMemory> allocate(const Gpu& gpu, bool is_pinned, std::size_t size_bytes) {
        HostMemory memory;
        if (is_pinned) {
            PASSBENCH_TRY(memory.pinned_, gpu.allocate_pinned(size_bytes));
        } else {
            PASSBENCH_TRY(memory.pageable_, Buffer::allocate(size_bytes));
        }
        return memory;
    }
    [[nodiscard]] std::span<std::byte> bytes() const {
        return pageable_.bytes().empty() ? pinned_.bytes() : pageable_.bytes();
    }

private:
    PinnedMemory pinned_;
    Buffer pageable_;
};

class CopyInstance final : public CudaInstance {
public:
    /// `fetched`: as large as the others for copies to the device, whose results come back there; else empty.
    CopyInstance(ThreadPool& pool, GpuSession session, HostMemory host, DeviceMemory device, Buffer fetched,
                 std::uint64_t seed)
        : CudaInstance(std::move(session)),
          pool_(pool),
          host_(std::move(host)),
          device_(std::move(device)),
          fetched_(std::move(fetched)),
          to_device_(!fetched_.bytes().empty()),
          inputs_(seed) {}

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    /// The source gets the pattern and the target its opposite, so that nothing old can pass for a copy.
    [[nodiscard]] Result<void> spoil_results() override {
        in_shares(to_device_ ? &CopyInputs::spoil : &CopyInputs::fill);
        PASSBENCH_CHECK(gpu().upload(device_, host_.bytes()));
        in_shares(to_device_ ? &CopyInputs::fill : &CopyInputs::spoil);
        return {};
    }

    [[nodiscard]] Result<void> fetch_results() override {
        return to_device_ ? gpu().download(fetched_.bytes(), device_) : Result<void>();
    }
    [[nodiscard]] std::span<std::byte> results() override { return to_device_ ? fetched_.bytes() : host_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = 1}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return pcie_link_limit(gpu()); }

private:
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), to_device_ ? fetched_.bytes() : host_.bytes(),
                             to_device_ ? "copy to the device" : "copy from the device");
    }

    CUresult enqueue() override {
        const std::span<std::byte> host = host_.bytes();
        const DriverCalls& calls = gpu().calls();
        return to_device_ ? calls.cuMemcpyHtoDAsync(device_.address(), host.data(), host.size(), stream().get())
                          : calls.cuMemcpyDtoHAsync(host.data(), device_.address(), host.size(), stream().get());
    }

    void in_shares(void (CopyInputs::*write)(std::span<std::byte>, const Share&) const) {
        const std::span<std::byte> host = host_.bytes();
        pool_.run(pool_.size(),
                  [&](int worker) { (inputs_.*write)(host, share_of(host.size(), worker, pool_.size(), line_bytes)); });
    }

    ThreadPool& pool_;
    HostMemory host_;
    DeviceMemory device_;
    Buffer fetched_;
    const bool to_device_;
    const CopyInputs inputs_;
};

}  // namespace

PreparedCase prepare_cuda_copy(const Parameters& parameters, const InstanceContext& context) {
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const bool is_to_device = word_of(parameters, "direction") == "h2d";
    const std::size_t host_buffers = is_to_device ? 2 : 1;
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(host_buffers * size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    PASSBENCH_TRY(DeviceMemory device, session.gpu->allocate(size_bytes));
    PASSBENCH_TRY(HostMemory host,
                  HostMemory::allocate(*session.gpu, word_of(parameters, "host") == "pinned", size_bytes));
    Buffer fetched;
    if (is_to_device) {
        PASSBENCH_TRY(fetched, Buffer::allocate(size_bytes));
    }
    auto instance = std::make_unique<CopyInstance>(context.pool, std::move(session), std::move(host), std::move(device),
                                                   std::move(fetched), context.seed);
    PASSBENCH_CHECK(instance->spoil_results());
    return instance;
}

}  // namespace passbench

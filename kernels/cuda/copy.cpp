// copy: between host and device, by the driver's own copy on a stream or by a kernel, one at a time or many in a row.
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/copy_inputs.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/transfers.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;

/// Host memory of one of the kinds.
class HostMemory {
public:
    static Result<HostMemory> allocate(const Gpu& gpu, std::string_view kind, std::size_t size_bytes) {
        HostMemory memory;
        if (kind == "pageable") {
            PASSBENCH_TRY(memory.pageable_, Buffer::allocate(size_bytes));
            return memory;
        }
        PASSBENCH_TRY(memory.pinned_, gpu.allocate_pinned(size_bytes, kind == "mapped"   ? PinnedKind::mapped
                                                                      : kind == "pinned" ? PinnedKind::plain
                                                                                         : PinnedKind::write_combined));
        return memory;
    }
    [[nodiscard]] std::span<std::byte> bytes() const {
        return pageable_.bytes().empty() ? pinned_.bytes() : pageable_.bytes();
    }
    [[nodiscard]] const PinnedMemory& pinned() const { return pinned_; }

private:
    PinnedMemory pinned_;
    Buffer pageable_;
};

/// What an iteration does: so many copies of so many bytes, in turn between places side by side.
struct CopyRow {
    std::size_t bytes;
    std::size_t copies;
    std::size_t places;

    static CopyRow of(std::size_t bytes, bool is_queued) {
        // Small copies in a number that hides the wait behind them; large ones, which need no queue, so that it stays short.
        constexpr std::size_t most_copies = 64;
        constexpr std::size_t least_copies = 2;
        constexpr std::size_t most_bytes_queued = std::size_t{64} << 20;
        constexpr std::size_t most_bytes_of_places = 1 << 20;
        if (!is_queued) return {.bytes = bytes, .copies = 1, .places = 1};
        const std::size_t copies = std::clamp(most_bytes_queued / bytes, least_copies, most_copies);
        return {.bytes = bytes,
                .copies = copies,
                .places = std::clamp<std::size_t>(most_bytes_of_places / bytes, 1, copies)};
    }
    [[nodiscard]] std::size_t footprint_bytes() const { return places * bytes; }
};

enum class Way { to_device, to_host };

struct Case {
    Way way;
    CopyRow row;
    bool is_combined;  // write-combined memory of the host: slow to read there
    bool is_pinned;    // or that, or mapped: no pageable memory
    std::uint64_t seed;
};

/// How a kernel copies: the kernels, and where they find the host's memory.
struct ByKernel {
    TransferKernels kernels;
    CUdeviceptr host = 0;
};

class CopyInstance final : public CudaInstance {
public:
    /// `fetched`: as large as the others where results are looked at there, else empty. `by_kernel`: nothing for the copy engine.
    CopyInstance(ThreadPool& pool, const Case& what, GpuSession session, HostMemory host, DeviceMemory device,
                 Buffer fetched, std::optional<ByKernel> by_kernel)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          host_(std::move(host)),
          device_(std::move(device)),
          fetched_(std::move(fetched)),
          by_kernel_(std::move(by_kernel)),
          inputs_(what.seed) {}

    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(case_.row.copies); }

    /// The source gets the pattern and the target its opposite, so that nothing old can pass for a copy.
    [[nodiscard]] Result<void> spoil_results() override {
        in_shares(is_to_device() ? &CopyInputs::spoil : &CopyInputs::fill);
        PASSBENCH_CHECK(gpu().upload(device_, host_.bytes()));
        in_shares(is_to_device() ? &CopyInputs::fill : &CopyInputs::spoil);
        return {};
    }

    [[nodiscard]] Result<void> fetch_results() override {
        if (is_to_device()) return gpu().download(fetched_.bytes(), device_);
        if (case_.is_combined) read_combined();
        return {};
    }
    [[nodiscard]] std::span<std::byte> results() override {
        return fetched_.bytes().empty() ? host_.bytes() : fetched_.bytes();
    }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = 1}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return link_limit(gpu(), 1); }
    [[nodiscard]] std::int64_t bus_bytes() const override {
        // What comes before the first byte and after the last is then under a tenth, also on the fastest link.
        constexpr std::size_t enough_bytes = std::size_t{16} << 20;
        const std::size_t bytes = case_.row.copies * case_.row.bytes;
        return case_.is_pinned && !by_kernel_ && bytes >= enough_bytes ? static_cast<std::int64_t>(bytes) : 0;
    }

private:
    [[nodiscard]] bool is_to_device() const { return case_.way == Way::to_device; }

    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), fetched_.bytes().empty() ? host_.bytes() : fetched_.bytes(),
                             is_to_device() ? "copy to the device" : "copy from the device");
    }

    CUresult enqueue() override {
        for (std::size_t copy = 0; copy < case_.row.copies; ++copy) {
            const std::size_t offset = copy % case_.row.places * case_.row.bytes;
            if (const CUresult result = enqueue_at(offset); result != CUDA_SUCCESS) return result;
        }
        return CUDA_SUCCESS;
    }

    CUresult enqueue_at(std::size_t offset) const {
        const std::size_t bytes = case_.row.bytes;
        const CUdeviceptr device = device_.address() + offset;
        if (by_kernel_) {
            const CUdeviceptr host = by_kernel_->host + offset;
            return is_to_device() ? by_kernel_->kernels.copy(stream(), host, device, bytes)
                                  : by_kernel_->kernels.copy(stream(), device, host, bytes);
        }
        std::byte* const host = host_.bytes().data() + offset;
        const DriverCalls& calls = gpu().calls();
        return is_to_device() ? calls.cuMemcpyHtoDAsync(device, host, bytes, stream().get())
                              : calls.cuMemcpyDtoHAsync(host, device, bytes, stream().get());
    }

    void in_shares(void (CopyInputs::*write)(std::span<std::byte>, const Share&) const) {
        const std::span<std::byte> host = host_.bytes();
        pool_.run(pool_.size(),
                  [&](int worker) { (inputs_.*write)(host, share_of(host.size(), worker, pool_.size(), line_bytes)); });
    }

    void read_combined() {
        const CopyLoop read = loops_of(memory_isa(detect_cpu())).copy_from_combined;
        pool_.run(pool_.size(), [&](int worker) {
            const auto [begin, end] = share_of(host_.bytes().size(), worker, pool_.size(), line_bytes);
            read(fetched_.bytes().data() + begin, host_.bytes().data() + begin, end - begin);
        });
    }

    ThreadPool& pool_;
    const Case case_;
    HostMemory host_;
    DeviceMemory device_;
    Buffer fetched_;
    const std::optional<ByKernel> by_kernel_;
    const CopyInputs inputs_;
};

}  // namespace

PreparedCase prepare_cuda_copy(const Parameters& parameters, const InstanceContext& context) {
    const std::string_view kind = word_of(parameters, "host");
    const Case what = {.way = word_of(parameters, "direction") == "h2d" ? Way::to_device : Way::to_host,
                       .row = CopyRow::of(static_cast<std::size_t>(integer_of(parameters, "bytes")),
                                          word_of(parameters, "queue") == "queued"),
                       .is_combined = kind == "write-combined",
                       .is_pinned = kind != "pageable",
                       .seed = context.seed};
    const std::size_t footprint_bytes = what.row.footprint_bytes();
    const bool is_fetched = what.way == Way::to_device || what.is_combined;
    const std::size_t host_buffers = is_fetched ? 2 : 1;
    PASSBENCH_CHECK(
        require_memory(static_cast<std::int64_t>(host_buffers * footprint_bytes), available_memory_bytes()));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    PASSBENCH_TRY(DeviceMemory device, gpu.allocate(footprint_bytes));
    PASSBENCH_TRY(HostMemory host, HostMemory::allocate(gpu, kind, footprint_bytes));
    std::optional<ByKernel> by_kernel;
    if (word_of(parameters, "by") == "kernel") {
        by_kernel.emplace();
        PASSBENCH_TRY(by_kernel->kernels, TransferKernels::load(gpu));
        PASSBENCH_TRY(by_kernel->host, gpu.device_address(host.pinned()));
    }
    Buffer fetched;
    if (is_fetched) {
        PASSBENCH_TRY(fetched, Buffer::allocate(footprint_bytes));
    }
    auto instance = std::make_unique<CopyInstance>(context.pool, what, std::move(session), std::move(host),
                                                   std::move(device), std::move(fetched), std::move(by_kernel));
    PASSBENCH_CHECK(instance->spoil_results());
    return instance;
}

}  // namespace passbench

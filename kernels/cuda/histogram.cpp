// histogram: counts of the highest byte of 32-bit integers in the device's memory.
#include <utility>

#include "kernels/cpu/integer_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/integer_arrays.hpp"
#include "kernels/cuda/integers_shape.hpp"
#include "kernels/cuda/memory_limit.hpp"

namespace passbench {

namespace {

static_assert(bins == histogram_bins);

using Address = CUdeviceptr;
using CountKernel = Kernel<Address, Address, std::size_t>;

class HistogramInstance final : public CudaInstance {
public:
    HistogramInstance(const InstanceContext& context, Skew skew, GpuSession session, Module module, CountKernel kernel,
                      DeviceMemory integers, DeviceMemory counts)
        : CudaInstance(std::move(session)),
          pool_(context.pool),
          inputs_(context.seed, skew),
          blocks_(blocks_for(gpu(), integers.size_bytes() / sizeof(std::uint32_t), histogram_threads)),
          module_(std::move(module)),
          kernel_(kernel),
          integers_(std::move(integers)),
          counts_(std::move(counts)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        PASSBENCH_TRY(const Buffer host, Buffer::allocate(integers_.size_bytes()));
        PASSBENCH_CHECK(upload_integers(gpu(), pool_, inputs_, host.as<std::uint32_t>(), integers_));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), counts_); }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(host_counts_)); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        return device_memory_limit(gpu(), static_cast<std::int64_t>(integers_.size_bytes()));
    }

private:
    [[nodiscard]] std::size_t count() const { return integers_.size_bytes() / sizeof(std::uint32_t); }

    [[nodiscard]] Result<void> spoil_results() override {
        host_counts_.fill(~std::uint32_t{0});
        return gpu().upload(counts_, std::as_bytes(std::span(host_counts_)));
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check_counts(pool_, pool_.size(), count(), host_counts_);
    }

    CUresult enqueue() override {
        const CUresult cleared =
            gpu().calls().cuMemsetD8Async(counts_.address(), 0, counts_.size_bytes(), stream().get());
        if (cleared != CUDA_SUCCESS) return cleared;
        return kernel_.launch(stream(), {.blocks = blocks_, .threads = histogram_threads}, integers_.address(),
                              counts_.address(), count());
    }

    ThreadPool& pool_;
    const IntegerInputs inputs_;
    const unsigned blocks_;
    Module module_;
    CountKernel kernel_;
    DeviceMemory integers_;
    DeviceMemory counts_;
    Counts host_counts_{};
};

}  // namespace

PreparedCase prepare_cuda_histogram(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const std::int64_t size_bytes = integer_of(parameters, "bytes");
    PASSBENCH_CHECK(require_memory(size_bytes, available_memory_bytes()));
    PASSBENCH_TRY(Module module, gpu.load(integers_image()));
    PASSBENCH_TRY(const CountKernel kernel, (gpu.kernel<Address, Address, std::size_t>(module, "histogram_count")));
    PASSBENCH_TRY(DeviceMemory integers, gpu.allocate(static_cast<std::size_t>(size_bytes)));
    PASSBENCH_TRY(DeviceMemory counts, gpu.allocate(sizeof(Counts)));
    auto instance =
        std::make_unique<HistogramInstance>(context, skew_of(word_of(parameters, "values")), std::move(session),
                                            std::move(module), kernel, std::move(integers), std::move(counts));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

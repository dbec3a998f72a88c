// reduce: the sum of 32-bit integers in the device's memory, and its way to the host.
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

using Address = CUdeviceptr;

/// The kernels of integers.cu that reduce takes.
struct ReduceKernels {
    Module module;
    Kernel<Address, Address, std::size_t> blocks;
    Kernel<Address, Address, unsigned> total;

    static Result<ReduceKernels> load(const Gpu& gpu) {
        ReduceKernels kernels;
        PASSBENCH_TRY(kernels.module, gpu.load(integers_image()));
        PASSBENCH_TRY(kernels.blocks, (gpu.kernel<Address, Address, std::size_t>(kernels.module, "reduce_blocks")));
        PASSBENCH_TRY(kernels.total, (gpu.kernel<Address, Address, unsigned>(kernels.module, "reduce_total")));
        return kernels;
    }
};

struct ReduceMemory {
    DeviceMemory integers;
    DeviceMemory of_blocks;
    DeviceMemory sum;
    PinnedMemory result;  // the sum on the host
};

class ReduceInstance final : public CudaInstance {
public:
    ReduceInstance(const InstanceContext& context, std::size_t count, unsigned blocks, GpuSession session,
                   ReduceKernels kernels, ReduceMemory memory)
        : CudaInstance(std::move(session)),
          pool_(context.pool),
          count_(count),
          blocks_(blocks),
          inputs_(context.seed),
          kernels_(std::move(kernels)),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        PASSBENCH_TRY(const Buffer host, Buffer::allocate(memory_.integers.size_bytes()));
        PASSBENCH_CHECK(upload_integers(gpu(), pool_, inputs_, host.as<std::uint32_t>(), memory_.integers));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.result.bytes(); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        return device_memory_limit(gpu(), static_cast<std::int64_t>(memory_.integers.size_bytes()));
    }

private:
    [[nodiscard]] std::uint64_t& sum() const {
        return *reinterpret_cast<std::uint64_t*>(memory_.result.bytes().data());
    }

    [[nodiscard]] Result<void> spoil_results() override {
        sum() = ~std::uint64_t{0};
        return gpu().upload(memory_.sum, memory_.result.bytes());
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check_sum(pool_, pool_.size(), count_, sum());
    }

    CUresult enqueue() override {
        const Address of_blocks = memory_.of_blocks.address();
        const Address total = memory_.sum.address();
        const CUresult summed = kernels_.blocks.launch(stream(), {.blocks = blocks_, .threads = reduce_threads},
                                                       memory_.integers.address(), of_blocks, count_);
        if (summed != CUDA_SUCCESS) return summed;
        const CUresult added =
            kernels_.total.launch(stream(), {.blocks = 1, .threads = reduce_threads}, of_blocks, total, blocks_);
        if (added != CUDA_SUCCESS) return added;
        return gpu().calls().cuMemcpyDtoHAsync(memory_.result.bytes().data(), total, sizeof(std::uint64_t),
                                               stream().get());
    }

    ThreadPool& pool_;
    const std::size_t count_;
    const unsigned blocks_;
    const IntegerInputs inputs_;
    ReduceKernels kernels_;
    ReduceMemory memory_;
};

}  // namespace

PreparedCase prepare_cuda_reduce(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const std::int64_t size_bytes = integer_of(parameters, "bytes");
    const std::size_t count = static_cast<std::size_t>(size_bytes) / sizeof(std::uint32_t);
    const unsigned blocks = blocks_for(gpu, count, reduce_threads);
    PASSBENCH_CHECK(require_memory(size_bytes, available_memory_bytes()));
    PASSBENCH_TRY(ReduceKernels kernels, ReduceKernels::load(gpu));
    ReduceMemory memory;
    PASSBENCH_TRY(memory.integers, gpu.allocate(static_cast<std::size_t>(size_bytes)));
    PASSBENCH_TRY(memory.of_blocks, gpu.allocate(blocks * sizeof(std::uint64_t)));
    PASSBENCH_TRY(memory.sum, gpu.allocate(sizeof(std::uint64_t)));
    PASSBENCH_TRY(memory.result, gpu.allocate_pinned(sizeof(std::uint64_t)));
    auto instance = std::make_unique<ReduceInstance>(context, count, blocks, std::move(session), std::move(kernels),
                                                     std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

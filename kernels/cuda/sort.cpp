// sort: radix sort of 32-bit keys in the device's memory, eight bits a pass.
#include <array>
#include <utility>

#include "kernels/cpu/sort_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/integer_arrays.hpp"
#include "kernels/cuda/integers_shape.hpp"

namespace passbench {

namespace {

using Address = CUdeviceptr;

/// The kernels of sort.cu.
struct SortKernels {
    Module module;
    Kernel<Address, Address, std::size_t, unsigned, unsigned> count;
    Kernel<Address, Address, unsigned> sum;
    Kernel<Address, Address, Address, Address, std::size_t, unsigned, unsigned> move;

    static Result<SortKernels> load(const Gpu& gpu) {
        SortKernels kernels;
        PASSBENCH_TRY(kernels.module, gpu.load(sort_image()));
        PASSBENCH_TRY(kernels.count,
                      (gpu.kernel<Address, Address, std::size_t, unsigned, unsigned>(kernels.module, "sort_count")));
        PASSBENCH_TRY(kernels.sum, (gpu.kernel<Address, Address, unsigned>(kernels.module, "sort_sum")));
        PASSBENCH_TRY(kernels.move, (gpu.kernel<Address, Address, Address, Address, std::size_t, unsigned, unsigned>(
                                        kernels.module, "sort_move")));
        return kernels;
    }
};

/// How the tiles are given to blocks, each at least one.
struct SortGrid {
    unsigned blocks;
    unsigned tiles_a_block;

    static SortGrid of(const Gpu& gpu, std::size_t count) {
        constexpr std::size_t blocks_a_multiprocessor = 4;  // what their shared memory leaves room for
        const auto multiprocessors =
            static_cast<std::size_t>(std::max(1, gpu.attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)));
        const std::size_t tiles = (count + sort_tile - 1) / sort_tile;
        const std::size_t most_blocks = multiprocessors * blocks_a_multiprocessor;
        const std::size_t tiles_a_block = (tiles + most_blocks - 1) / most_blocks;
        return {.blocks = static_cast<unsigned>((tiles + tiles_a_block - 1) / tiles_a_block),
                .tiles_a_block = static_cast<unsigned>(tiles_a_block)};
    }
};

struct SortMemory {
    DeviceMemory keys;
    DeviceMemory other;  // where every second pass goes
    DeviceMemory sorted;
    DeviceMemory counts;
    DeviceMemory totals;
    Buffer host;  // results, and inputs on their way
};

class SortInstance final : public CudaInstance {
public:
    SortInstance(const InstanceContext& context, SortGrid grid, GpuSession session, SortKernels kernels,
                 SortMemory memory)
        : CudaInstance(std::move(session)),
          pool_(context.pool),
          grid_(grid),
          inputs_(context.seed, memory.host.as<std::uint32_t>().size()),
          kernels_(std::move(kernels)),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        PASSBENCH_CHECK(upload_integers(gpu(), pool_, inputs_, host_keys(), memory_.keys));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.sorted); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    [[nodiscard]] std::span<std::uint32_t> host_keys() const { return memory_.host.as<std::uint32_t>(); }

    [[nodiscard]] Result<void> spoil_results() override {
        const std::span<std::uint32_t> keys = host_keys();
        pool_.run(pool_.size(), [&](int worker) {
            const auto [begin, end] = share_of(keys.size(), worker, pool_.size());
            for (std::size_t i = begin; i < end; ++i) keys[i] = ~std::uint32_t{0} - static_cast<std::uint32_t>(i);
        });
        PASSBENCH_CHECK(gpu().upload(memory_.other, memory_.host.bytes()));
        return gpu().upload(memory_.sorted, memory_.host.bytes());
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), host_keys());
    }

    /// An even number of passes, the first of which reads the input and the last of which writes the result.
    CUresult enqueue() override {
        constexpr std::array<unsigned, 4> shifts = {0, 8, 16, 24};
        Address from = memory_.keys.address();
        for (std::size_t pass = 0; pass < shifts.size(); ++pass) {
            const Address to = pass % 2 == 0 ? memory_.other.address() : memory_.sorted.address();
            if (const CUresult moved = enqueue_pass(from, to, shifts[pass]); moved != CUDA_SUCCESS) return moved;
            from = to;
        }
        return CUDA_SUCCESS;
    }

    CUresult enqueue_pass(Address from, Address to, unsigned shift) const {
        const Grid grid = {.blocks = grid_.blocks, .threads = sort_threads};
        const std::size_t count = host_keys().size();
        const Address counts = memory_.counts.address();
        const Address totals = memory_.totals.address();
        const CUresult counted = kernels_.count.launch(stream(), grid, from, counts, count, shift, grid_.tiles_a_block);
        if (counted != CUDA_SUCCESS) return counted;
        constexpr unsigned digits_a_block = sort_threads / 32;  // a warp each
        const CUresult summed = kernels_.sum.launch(
            stream(), {.blocks = sort_digits / digits_a_block, .threads = sort_threads}, counts, totals, grid_.blocks);
        if (summed != CUDA_SUCCESS) return summed;
        return kernels_.move.launch(stream(), grid, from, to, counts, totals, count, shift, grid_.tiles_a_block);
    }

    ThreadPool& pool_;
    const SortGrid grid_;
    const SortInputs inputs_;
    SortKernels kernels_;
    SortMemory memory_;
};

}  // namespace

PreparedCase prepare_cuda_sort(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const SortGrid grid = SortGrid::of(gpu, size_bytes / sizeof(std::uint32_t));
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(SortKernels kernels, SortKernels::load(gpu));
    SortMemory memory;
    PASSBENCH_TRY(memory.host, Buffer::allocate(size_bytes));
    PASSBENCH_TRY(memory.keys, gpu.allocate(size_bytes));
    PASSBENCH_TRY(memory.other, gpu.allocate(size_bytes));
    PASSBENCH_TRY(memory.sorted, gpu.allocate(size_bytes));
    PASSBENCH_TRY(memory.counts, gpu.allocate(std::size_t{sort_digits} * grid.blocks * sizeof(std::uint32_t)));
    PASSBENCH_TRY(memory.totals, gpu.allocate(sort_digits * sizeof(std::uint32_t)));
    auto instance =
        std::make_unique<SortInstance>(context, grid, std::move(session), std::move(kernels), std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

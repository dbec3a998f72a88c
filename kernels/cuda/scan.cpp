// scan: all prefix sums of 32-bit integers in the device's memory.
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
using ScanKernel = Kernel<Address, Address, Address, Address, std::size_t>;

struct ScanMemory {
    DeviceMemory integers;
    DeviceMemory sums;
    DeviceMemory states;  // of the tiles, behind the number of the next one
    Buffer host;          // results, and inputs on their way
};

class ScanInstance final : public CudaInstance {
public:
    ScanInstance(const InstanceContext& context, GpuSession session, Module module, ScanKernel kernel,
                 ScanMemory memory)
        : CudaInstance(std::move(session)),
          pool_(context.pool),
          inputs_(context.seed),
          module_(std::move(module)),
          kernel_(kernel),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        PASSBENCH_CHECK(
            upload_integers(gpu(), pool_, inputs_, memory_.host.as<std::uint32_t>().first(count()), memory_.integers));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.sums); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host.bytes(); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        return device_memory_limit(
            gpu(), static_cast<std::int64_t>(memory_.integers.size_bytes() + memory_.sums.size_bytes()));
    }

private:
    [[nodiscard]] std::size_t count() const { return memory_.integers.size_bytes() / sizeof(std::uint32_t); }

    [[nodiscard]] Result<void> spoil_results() override {
        const std::span<std::uint64_t> sums = memory_.host.as<std::uint64_t>();
        pool_.run(pool_.size(), [&](int worker) {
            const auto [begin, end] = share_of(sums.size(), worker, pool_.size());
            for (std::size_t i = begin; i < end; ++i) sums[i] = ~std::uint64_t{0};
        });
        return gpu().upload(memory_.sums, memory_.host.bytes());
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check_prefix_sums(pool_, pool_.size(), memory_.host.as<std::uint64_t>());
    }

    CUresult enqueue() override {
        const Address next_tile = memory_.states.address();
        const CUresult cleared =
            gpu().calls().cuMemsetD8Async(next_tile, 0, memory_.states.size_bytes(), stream().get());
        if (cleared != CUDA_SUCCESS) return cleared;
        const auto tiles = static_cast<unsigned>((count() + scan_tile - 1) / scan_tile);
        return kernel_.launch(stream(), {.blocks = tiles, .threads = scan_threads}, memory_.integers.address(),
                              memory_.sums.address(), next_tile, next_tile + sizeof(std::uint64_t), count());
    }

    ThreadPool& pool_;
    const IntegerInputs inputs_;
    Module module_;
    ScanKernel kernel_;
    ScanMemory memory_;
};

}  // namespace

PreparedCase prepare_cuda_scan(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const std::size_t count = size_bytes / sizeof(std::uint32_t);
    const std::size_t sums_bytes = count * sizeof(std::uint64_t);
    const std::size_t tiles = (count + scan_tile - 1) / scan_tile;
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(sums_bytes), available_memory_bytes()));
    PASSBENCH_TRY(Module module, gpu.load(integers_image()));
    PASSBENCH_TRY(const ScanKernel kernel,
                  (gpu.kernel<Address, Address, Address, Address, std::size_t>(module, "scan_tiles")));
    ScanMemory memory;
    PASSBENCH_TRY(memory.host, Buffer::allocate(sums_bytes));
    PASSBENCH_TRY(memory.integers, gpu.allocate(size_bytes));
    PASSBENCH_TRY(memory.sums, gpu.allocate(sums_bytes));
    PASSBENCH_TRY(memory.states, gpu.allocate((1 + tiles) * sizeof(std::uint64_t)));
    auto instance =
        std::make_unique<ScanInstance>(context, std::move(session), std::move(module), kernel, std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

// gather: elements of a table in the device's memory that indices name.
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/gather_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/memory_limit.hpp"

namespace passbench {

namespace {

constexpr unsigned threads_a_block = 256;
constexpr std::size_t loads_a_thread = 2;
// Of 32 bytes of a sector 30, for a sixteenth of the table may be in the cache; index and result as they are.
constexpr double sector_bytes = 4 + 30 + 8;

using Address = CUdeviceptr;
using GatherKernel = Kernel<Address, Address, Address, std::size_t>;

struct GatherMemory {
    DeviceMemory table;
    DeviceMemory indices;
    DeviceMemory out;
    Buffer host;  // results, and inputs on their way
};

class GatherInstance final : public CudaInstance {
public:
    GatherInstance(const InstanceContext& context, GatherPattern pattern, GpuSession session, Module module,
                   GatherKernel kernel, GatherMemory memory)
        : CudaInstance(std::move(session)),
          pool_(context.pool),
          inputs_(context.seed, memory.table.size_bytes() / sizeof(std::uint64_t), pattern),
          module_(std::move(module)),
          kernel_(kernel),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        const std::span<std::uint64_t> table = memory_.host.as<std::uint64_t>();
        fill(table, [this](std::size_t i) { return inputs_.element(i); });
        PASSBENCH_CHECK(gpu().upload(memory_.table, std::as_bytes(table)));
        const std::span<std::uint32_t> indices = memory_.host.as<std::uint32_t>().first(loads());
        fill(indices, [this](std::size_t i) { return inputs_.index(i); });
        PASSBENCH_CHECK(gpu().upload(memory_.indices, std::as_bytes(indices)));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.out); }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(out()); }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (inputs_.pattern == GatherPattern::sequential) {
            const std::size_t touched = 2 * memory_.out.size_bytes() + memory_.indices.size_bytes();
            return device_memory_limit(gpu(), static_cast<std::int64_t>(touched));
        }
        InstanceLimit limit = device_memory_limit(gpu(), static_cast<std::int64_t>(memory_.table.size_bytes()));
        if (limit.kind == LimitKind::none) return limit;
        limit.value *= gather_used_bytes / sector_bytes;
        limit.formula += " x 20 of 42 B used";
        return limit;
    }

private:
    [[nodiscard]] std::size_t loads() const { return memory_.out.size_bytes() / sizeof(std::uint64_t); }
    [[nodiscard]] std::span<std::uint64_t> out() const { return memory_.host.as<std::uint64_t>().first(loads()); }

    template <typename T, typename ValueAt>
    void fill(std::span<T> values, const ValueAt& value_at) {
        pool_.run(pool_.size(), [&](int worker) {
            const auto [begin, end] = share_of(values.size(), worker, pool_.size());
            for (std::size_t i = begin; i < end; ++i) values[i] = value_at(i);
        });
    }

    /// No element of the table is its own complement.
    [[nodiscard]] Result<void> spoil_results() override {
        fill(out(), [this](std::size_t i) { return ~inputs_.element(inputs_.index(i)); });
        return gpu().upload(memory_.out, std::as_bytes(out()));
    }
    [[nodiscard]] Result<void> compare_results() const override { return inputs_.check(pool_, pool_.size(), out()); }

    CUresult enqueue() override {
        constexpr std::size_t loads_a_block = threads_a_block * loads_a_thread;
        const Grid grid = {.blocks = static_cast<unsigned>((loads() + loads_a_block - 1) / loads_a_block),
                           .threads = threads_a_block};
        return kernel_.launch(stream(), grid, memory_.table.address(), memory_.indices.address(), memory_.out.address(),
                              loads());
    }

    ThreadPool& pool_;
    const GatherInputs inputs_;
    Module module_;
    GatherKernel kernel_;
    GatherMemory memory_;
};

}  // namespace

PreparedCase prepare_cuda_gather(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const std::int64_t table_bytes = integer_of(parameters, "bytes");
    const auto loads = static_cast<std::size_t>(find_workload("gather")->work(parameters).items);
    PASSBENCH_CHECK(require_memory(table_bytes, available_memory_bytes()));
    PASSBENCH_TRY(Module module, gpu.load(sparse_image()));
    PASSBENCH_TRY(const GatherKernel kernel,
                  (gpu.kernel<Address, Address, Address, std::size_t>(module, "gather_words")));
    GatherMemory memory;
    PASSBENCH_TRY(memory.host, Buffer::allocate(static_cast<std::size_t>(table_bytes)));
    PASSBENCH_TRY(memory.table, gpu.allocate(static_cast<std::size_t>(table_bytes)));
    PASSBENCH_TRY(memory.indices, gpu.allocate(loads * sizeof(std::uint32_t)));
    PASSBENCH_TRY(memory.out, gpu.allocate(loads * sizeof(std::uint64_t)));
    auto instance = std::make_unique<GatherInstance>(context, gather_pattern_of(word_of(parameters, "pattern")),
                                                     std::move(session), std::move(module), kernel, std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

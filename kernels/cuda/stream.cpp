// stream: copy, scale, add, triad, dot over doubles in the device's memory.
#include <array>
#include <bit>
#include <limits>
#include <optional>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/stream_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/images.hpp"
#include "kernels/cuda/memory_limit.hpp"

namespace passbench {

namespace {

constexpr unsigned threads_a_block = 256;
constexpr std::size_t elements_a_thread = 2;
constexpr int dot_blocks_a_multiprocessor = 8;  // 2048 threads: as many as any SM holds

using Address = CUdeviceptr;

/// The kernels of stream.cu.
struct StreamKernels {
    Module module;
    Kernel<Address, Address, std::size_t> copy;
    Kernel<Address, Address, double, std::size_t> scale;
    Kernel<Address, Address, Address, std::size_t> add;
    Kernel<Address, Address, Address, double, std::size_t> triad;
    Kernel<Address, Address, Address, std::size_t> dot;
    Kernel<Address, Address, unsigned> dot_total;

    static Result<StreamKernels> load(const Gpu& gpu) {
        StreamKernels kernels;
        PASSBENCH_TRY(kernels.module, gpu.load(stream_image()));
        const Module& module = kernels.module;
        PASSBENCH_TRY(kernels.copy, (gpu.kernel<Address, Address, std::size_t>(module, "stream_copy")));
        PASSBENCH_TRY(kernels.scale, (gpu.kernel<Address, Address, double, std::size_t>(module, "stream_scale")));
        PASSBENCH_TRY(kernels.add, (gpu.kernel<Address, Address, Address, std::size_t>(module, "stream_add")));
        PASSBENCH_TRY(kernels.triad,
                      (gpu.kernel<Address, Address, Address, double, std::size_t>(module, "stream_triad")));
        PASSBENCH_TRY(kernels.dot, (gpu.kernel<Address, Address, Address, std::size_t>(module, "stream_dot")));
        PASSBENCH_TRY(kernels.dot_total, (gpu.kernel<Address, Address, unsigned>(module, "stream_dot_total")));
        return kernels;
    }
};

/// The arrays of the device; `out` is one sum where the operation is dot, whose blocks add up in `of_blocks`.
struct StreamMemory {
    DeviceMemory x;
    DeviceMemory y;
    DeviceMemory of_blocks;
    DeviceMemory out;
    DeviceMemory flush;  // as large as the last cache, for cold iterations
    Buffer host;         // results, and inputs on their way
};

struct Case {
    StreamOp op;
    std::size_t count;
    bool is_cold;
    std::uint64_t seed;
    unsigned dot_blocks;
};

class StreamInstance final : public CudaInstance {
public:
    StreamInstance(ThreadPool& pool, const Case& what, GpuSession session, StreamKernels kernels, StreamMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          inputs_(what.seed),
          kernels_(std::move(kernels)),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        const std::span<double> numbers = memory_.host.as<double>();
        fill(numbers, [this](std::size_t i) { return static_cast<double>(inputs_.x(i)); });
        PASSBENCH_CHECK(gpu().upload(memory_.x, std::as_bytes(numbers)));
        if (reads_two(case_.op)) {
            fill(numbers, [this](std::size_t i) { return static_cast<double>(inputs_.y(i)); });
            PASSBENCH_CHECK(gpu().upload(memory_.y, std::as_bytes(numbers)));
        }
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.out); }

    [[nodiscard]] std::span<std::byte> results() override {
        return memory_.host.bytes().first(results_count() * sizeof(double));
    }

    /// R2.2: what is in the last cache is overwritten before each cold iteration.
    [[nodiscard]] Result<void> before_sample() override {
        if (!case_.is_cold) return {};
        note(gpu().calls().cuMemsetD8Async(memory_.flush.address(), 0, memory_.flush.size_bytes(), stream().get()));
        note(gpu().calls().cuStreamSynchronize(stream().get()));
        return noted();
    }

    [[nodiscard]] bool may_batch() const override { return !case_.is_cold; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        return device_memory_limit(gpu(), static_cast<std::int64_t>(memory_.x.size_bytes() + memory_.y.size_bytes() +
                                                                    memory_.out.size_bytes()));
    }

private:
    [[nodiscard]] Result<void> spoil_results() override {
        const std::span<double> out = memory_.host.as<double>().first(results_count());
        fill(out, [](std::size_t) { return std::numeric_limits<double>::quiet_NaN(); });
        return gpu().upload(memory_.out, std::as_bytes(out));
    }

    [[nodiscard]] std::size_t results_count() const { return case_.op == StreamOp::dot ? 1 : case_.count; }

    template <typename NumberAt>
    void fill(std::span<double> numbers, const NumberAt& number_at) {
        pool_.run(pool_.size(), [&](int worker) {
            const Share share = share_of(numbers.size(), worker, pool_.size());
            for (std::size_t i = share.begin; i < share.end; ++i) numbers[i] = number_at(i);
        });
    }

    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), case_.op, case_.count, memory_.host.as<double>());
    }

    CUresult enqueue() override {
        const Address x = memory_.x.address();
        const Address y = memory_.y.address();
        const Address out = memory_.out.address();
        const std::size_t count = case_.count;
        const std::size_t elements_a_block = threads_a_block * elements_a_thread;
        const Grid grid = {.blocks = static_cast<unsigned>((count + elements_a_block - 1) / elements_a_block),
                           .threads = threads_a_block};
        switch (case_.op) {
            case StreamOp::copy:
                return kernels_.copy.launch(stream(), grid, x, out, count);
            case StreamOp::scale:
                return kernels_.scale.launch(stream(), grid, x, out, stream_scalar, count);
            case StreamOp::add:
                return kernels_.add.launch(stream(), grid, x, y, out, count);
            case StreamOp::triad:
                return kernels_.triad.launch(stream(), grid, x, y, out, stream_scalar, count);
            case StreamOp::dot:
                break;
        }
        const Address of_blocks = memory_.of_blocks.address();
        const CUresult summed = kernels_.dot.launch(stream(), {.blocks = case_.dot_blocks, .threads = threads_a_block},
                                                    x, y, of_blocks, count);
        if (summed != CUDA_SUCCESS) return summed;
        return kernels_.dot_total.launch(stream(), {.blocks = 1, .threads = threads_a_block}, of_blocks, out,
                                         case_.dot_blocks);
    }

    ThreadPool& pool_;
    const Case case_;
    const StreamInputs inputs_;
    StreamKernels kernels_;
    StreamMemory memory_;
};

Result<StreamMemory> allocate(const Gpu& gpu, const Case& what) {
    const std::size_t array_bytes = what.count * sizeof(double);
    const bool is_dot = what.op == StreamOp::dot;
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(array_bytes), available_memory_bytes()));
    StreamMemory memory;
    PASSBENCH_TRY(memory.host, Buffer::allocate(array_bytes));
    PASSBENCH_TRY(memory.x, gpu.allocate(array_bytes));
    if (reads_two(what.op)) {
        PASSBENCH_TRY(memory.y, gpu.allocate(array_bytes));
    }
    if (is_dot) {
        PASSBENCH_TRY(memory.of_blocks, gpu.allocate(what.dot_blocks * sizeof(double)));
    }
    PASSBENCH_TRY(memory.out, gpu.allocate(is_dot ? sizeof(double) : array_bytes));
    const auto cache_bytes = static_cast<std::size_t>(gpu.attribute(CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE));
    if (what.is_cold && cache_bytes > 0) {
        PASSBENCH_TRY(memory.flush, gpu.allocate(cache_bytes));
    }
    return memory;
}

}  // namespace

PreparedCase prepare_cuda_stream(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const int multiprocessors = session.gpu->attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    const Case what = {.op = stream_op_of(word_of(parameters, "op")),
                       .count = static_cast<std::size_t>(integer_of(parameters, "bytes")) / sizeof(double),
                       .is_cold = word_of(parameters, "cache") == "cold",
                       .seed = context.seed,
                       .dot_blocks = static_cast<unsigned>(std::max(1, multiprocessors) * dot_blocks_a_multiprocessor)};
    PASSBENCH_TRY(StreamKernels kernels, StreamKernels::load(*session.gpu));
    PASSBENCH_TRY(StreamMemory memory, allocate(*session.gpu, what));
    auto instance =
        std::make_unique<StreamInstance>(context.pool, what, std::move(session), std::move(kernels), std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

// tiny-kernels: as many launches as `kernels` says, each over the vector that the one before has written, then one wait.
#include <algorithm>
#include <array>
#include <limits>

#include "kernels/cpu/target.hpp"
#include "kernels/cpu/tiny_kernels_inputs.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/host_transfers.hpp"
#include "kernels/cuda/images.hpp"

namespace passbench {

namespace {

using Address = CUdeviceptr;
using StepKernel = Kernel<Address, Address, float, unsigned>;

constexpr unsigned threads_a_block = 256;

/// Vectors with the first element once more behind the last.
struct TinyMemory {
    DeviceMemory start;
    std::array<DeviceMemory, 2> turns;
    TransferMemory host_start;
    TransferMemory host_result;

    static Result<TinyMemory> allocate(const Gpu& gpu, std::size_t elements) {
        const std::size_t vector_bytes = (elements + 1) * sizeof(float);
        TinyMemory memory;
        PASSBENCH_TRY(memory.start, gpu.allocate(vector_bytes));
        for (DeviceMemory& turn : memory.turns) {
            PASSBENCH_TRY(turn, gpu.allocate(vector_bytes));
        }
        PASSBENCH_TRY(memory.host_start, TransferMemory::allocate(gpu, vector_bytes));
        PASSBENCH_TRY(memory.host_result, TransferMemory::allocate(gpu, elements * sizeof(float)));
        return memory;
    }
};

class TinyKernelsInstance final : public CudaInstance {
public:
    TinyKernelsInstance(GpuSession session, Module module, StepKernel kernel, TinyMemory memory, std::int64_t kernels,
                        const TinyKernelsInputs& inputs)
        : CudaInstance(std::move(session)),
          module_(std::move(module)),
          kernel_(kernel),
          memory_(std::move(memory)),
          kernels_(kernels),
          inputs_(inputs) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        const std::span<float> start = memory_.host_start.as<float>();
        for (std::size_t i = 0; i <= elements(); ++i) start[i] = static_cast<float>(inputs_.start(i % elements()));
        PASSBENCH_CHECK(gpu().upload(memory_.start, memory_.host_start.bytes()));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return kernels_; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), last()); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host_result.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(float)}; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override {
        return {"device_ns", "transfers_ns"};
    }
    /// Inputs and results are of all kernels of an iteration together.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        PASSBENCH_CHECK(CudaInstance::measure_on_device(iterations, values.first(1)));
        const std::array<Upload, 1> inputs = {Upload{memory_.host_start, memory_.start}};
        PASSBENCH_TRY(const std::int64_t transfers_ns,
                      time_transfers(gpu(), stream(), inputs, last(), memory_.host_result));
        values[1] = iterations * transfers_ns;
        return {};
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    [[nodiscard]] std::size_t elements() const { return memory_.host_result.bytes().size() / sizeof(float); }
    [[nodiscard]] const DeviceMemory& turn(std::int64_t kernel) const {
        return memory_.turns[static_cast<std::size_t>(kernel % 2)];
    }
    [[nodiscard]] const DeviceMemory& last() const { return turn(kernels_ - 1); }

    [[nodiscard]] Result<void> spoil_results() override {
        const std::vector<float> spoiled(elements() + 1, std::numeric_limits<float>::quiet_NaN());
        for (const DeviceMemory& turn : memory_.turns) {
            PASSBENCH_CHECK(gpu().upload(turn, std::as_bytes(std::span(spoiled))));
        }
        std::ranges::fill(memory_.host_result.as<float>(), std::numeric_limits<float>::quiet_NaN());
        return {};
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(memory_.host_result.as<const float>(), kernels_);
    }

    CUresult enqueue() override {
        const auto count = static_cast<unsigned>(elements());
        const Grid grid = {.blocks = (count + threads_a_block - 1) / threads_a_block, .threads = threads_a_block};
        Address from = memory_.start.address();
        for (std::int64_t kernel = 0; kernel < kernels_; ++kernel) {
            const Address to = turn(kernel).address();
            const CUresult result = kernel_.launch(stream(), grid, from, to, inputs_.addend(kernel), count);
            if (result != CUDA_SUCCESS) return result;
            from = to;
        }
        return CUDA_SUCCESS;
    }

    Module module_;
    StepKernel kernel_;
    TinyMemory memory_;
    const std::int64_t kernels_;
    const TinyKernelsInputs inputs_;
};

}  // namespace

PreparedCase prepare_cuda_tiny_kernels(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const auto elements = static_cast<std::size_t>(integer_of(parameters, "elements"));
    PASSBENCH_TRY(Module module, gpu.load(tiny_kernels_image()));
    PASSBENCH_TRY(const StepKernel kernel, (gpu.kernel<Address, Address, float, unsigned>(module, "tiny_step")));
    PASSBENCH_TRY(TinyMemory memory, TinyMemory::allocate(gpu, elements));
    auto instance = std::make_unique<TinyKernelsInstance>(std::move(session), std::move(module), kernel,
                                                          std::move(memory), integer_of(parameters, "kernels"),
                                                          TinyKernelsInputs(context.seed, elements));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

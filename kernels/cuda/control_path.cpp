// control-path: what is asked of the driver before and after the work, each asked for and given back.
#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/control_path_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/control_operations.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"

namespace passbench {

namespace {

class ControlPathInstance final : public CudaInstance {
public:
    ControlPathInstance(ThreadPool& pool, GpuSession session, Buffer words, std::uint64_t seed)
        : CudaInstance(std::move(session)), pool_(pool), inputs_(seed), words_(std::move(words)) {
        inputs_.spoil(words_.as<std::uint64_t>());
    }

    /// Once, before anything else: operations refer to what this instance holds.
    [[nodiscard]] Result<void> begin(std::string_view op, std::size_t size_bytes) {
        PASSBENCH_TRY(operation_,
                      make_control_operation(op, size_bytes, {.gpu = gpu(), .stream = stream(), .key = inputs_.key()}));
        return {};
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }

    /// What the iterations asked for was given back: the proof asks once more.
    [[nodiscard]] Result<void> fetch_results() override {
        PASSBENCH_CHECK(gpu().check(operation_->take(), fmt::format("asking for {}", operation_->thing())));
        auto proved = operation_->prove(words_.as<std::uint64_t>());
        PASSBENCH_CHECK(gpu().check(operation_->give_back(), fmt::format("giving {} back", operation_->thing())));
        return proved;
    }
    [[nodiscard]] std::span<std::byte> results() override { return words_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint64_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

    /// Nothing is left to the device, so the host's clock says it all.
    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"allocate_ns", "free_ns"}; }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        const WallClock now = wall_clock();
        std::int64_t asking_ns = 0;
        std::int64_t giving_back_ns = 0;
        for (std::int64_t i = 0; i < iterations; ++i) {
            const std::int64_t begin = now();
            note(operation_->take());
            const std::int64_t taken = now();
            note(operation_->give_back());
            asking_ns += taken - begin;
            giving_back_ns += now() - taken;
        }
        values[0] = asking_ns;
        values[1] = giving_back_ns;
        return noted();
    }

private:
    [[nodiscard]] Result<void> spoil_results() override {
        inputs_.spoil(words_.as<std::uint64_t>());
        return {};
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, words_.as<std::uint64_t>(), operation_->thing());
    }

    CUresult enqueue() override {
        const CUresult taken = operation_->take();
        return taken != CUDA_SUCCESS ? taken : operation_->give_back();
    }
    CUresult wait() override { return CUDA_SUCCESS; }

    ThreadPool& pool_;
    const ControlPathInputs inputs_;
    Buffer words_;  // what the proof has read
    std::unique_ptr<ControlOperation> operation_;
};

}  // namespace

PreparedCase prepare_cuda_control_path(const Parameters& parameters, const InstanceContext& context) {
    const std::string_view op = word_of(parameters, "op");
    const bool is_memory = op != "context" && op != "module";
    const auto size_bytes = is_memory ? static_cast<std::size_t>(integer_of(parameters, "bytes")) : proof_bytes;
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    PASSBENCH_TRY(Buffer words, Buffer::allocate(size_bytes));
    auto instance =
        std::make_unique<ControlPathInstance>(context.pool, std::move(session), std::move(words), context.seed);
    PASSBENCH_CHECK(instance->begin(op, size_bytes));
    return instance;
}

}  // namespace passbench

// fft: forward transforms of complex floats by cuFFT or by own kernels, with or without bringing the points to the device and the
// results back.
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "kernels/cpu/fft_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/cufft.hpp"
#include "kernels/cuda/fft_own.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/memory_limit.hpp"
#include "kernels/cuda/staging.hpp"
#include "kernels/cuda/transfers.hpp"

namespace passbench {

namespace {

using Point = std::complex<float>;

/// What does the transforms.
struct Way {
    std::variant<OwnFft, CufftPlan> code;
    std::string library;  // "cuFFT 12.0.0"; empty for own kernels
};

struct FftMemory {
    DeviceMemory in;
    DeviceMemory out;
    Staging host_in;
    Staging host_out;  // results
};

class FftInstance final : public CudaInstance {
public:
    FftInstance(ThreadPool& pool, const FftShape& shape, std::uint64_t seed, Transfers transfers, GpuSession session,
                Way way, FftMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          shape_(shape),
          transfers_(transfers),
          inputs_(seed, shape),
          way_(std::move(way)),
          memory_(std::move(memory)) {}

    /// Once, before anything else.
    [[nodiscard]] Result<void> upload_inputs() {
        pool_.run(pool_.size(), [&](int worker) { inputs_.fill(memory_.host_in.as<Point>(), share(worker)); });
        PASSBENCH_CHECK(gpu().upload(memory_.in, memory_.host_in.bytes()));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Facts facts() const override {
        return way_.library.empty() ? Facts() : Facts{{"library", way_.library}};
    }
    [[nodiscard]] Result<void> fetch_results() override {
        return is_transferred() ? Result<void>() : gpu().download(results(), memory_.out);
    }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host_out.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override {
        return {.element_bytes = sizeof(float), .is_exact = false};
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        InstanceLimit limit = is_transferred()
                                  ? link_limit(gpu(), 1)
                                  : device_memory_limit(gpu(), static_cast<std::int64_t>(2 * shape_.bytes()));
        if (limit.kind == LimitKind::none) return limit;
        limit.value *= shape_.flops_a_byte();
        limit.metric = "flops";
        limit.formula += fmt::format(" x {:.3g} FLOP/B", shape_.flops_a_byte());
        return limit;
    }

private:
    [[nodiscard]] bool is_transferred() const { return transfers_ == Transfers::included; }
    [[nodiscard]] Share share(int worker) const { return share_of(shape_.all_points(), worker, pool_.size()); }

    /// Wrong results on both sides; with transfers also wrong points on the device, which the right ones have to replace.
    [[nodiscard]] Result<void> spoil_results() override {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        std::ranges::fill(memory_.host_out.as<Point>(), Point(nan, nan));
        PASSBENCH_CHECK(gpu().upload(memory_.out, memory_.host_out.bytes()));
        return is_transferred() ? gpu().upload(memory_.in, memory_.host_out.bytes()) : Result<void>();
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), memory_.host_out.as<Point>());
    }

    CUresult enqueue() override {
        if (!is_transferred()) return transform();
        const DriverCalls& calls = gpu().calls();
        const CUresult brought = calls.cuMemcpyHtoDAsync(memory_.in.address(), memory_.host_in.bytes().data(),
                                                         shape_.bytes(), stream().get());
        if (brought != CUDA_SUCCESS) return brought;
        const CUresult transformed = transform();
        if (transformed != CUDA_SUCCESS) return transformed;
        return calls.cuMemcpyDtoHAsync(memory_.host_out.bytes().data(), memory_.out.address(), shape_.bytes(),
                                       stream().get());
    }
    CUresult transform() const {
        if (const auto* const own = std::get_if<OwnFft>(&way_.code)) {
            return own->enqueue(stream(), memory_.in, memory_.out);
        }
        return std::get<CufftPlan>(way_.code).enqueue(memory_.in, memory_.out);
    }

    ThreadPool& pool_;
    const FftShape shape_;
    const Transfers transfers_;
    const FftInputs inputs_;
    Way way_;
    FftMemory memory_;
};

Result<Way> make_way(const Parameters& parameters, const GpuSession& session, const FftShape& shape) {
    if (word_of(parameters, "by") == "own") {
        PASSBENCH_TRY(OwnFft own, OwnFft::make(*session.gpu, shape));
        return Way{.code = std::move(own), .library = ""};
    }
    if (session.gpu->driver().is_simulated()) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "cuFFT runs on a card alone, and this device is simulated",
                     .fix = "Take by = \"own\"."});
    }
    PASSBENCH_TRY(auto library, Cufft::load());
    std::string name = "cuFFT " + library->version();
    PASSBENCH_TRY(CufftPlan plan, CufftPlan::make(std::move(library), shape, session.stream));
    return Way{.code = std::move(plan), .library = std::move(name)};
}

Result<FftMemory> allocate(const Gpu& gpu, const FftShape& shape, Transfers transfers) {
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(2 * shape.bytes()), available_memory_bytes()));
    FftMemory memory;
    PASSBENCH_TRY(memory.in, gpu.allocate(shape.bytes()));
    PASSBENCH_TRY(memory.out, gpu.allocate(shape.bytes()));
    PASSBENCH_TRY(memory.host_in, Staging::allocate(gpu, transfers, shape.bytes()));
    PASSBENCH_TRY(memory.host_out, Staging::allocate(gpu, transfers, shape.bytes()));
    return memory;
}

}  // namespace

PreparedCase prepare_cuda_fft(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const FftShape shape, fft_shape_of(parameters));
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Transfers transfers = transfers_of(word_of(parameters, "transfers"));
    PASSBENCH_TRY(FftMemory memory, allocate(*session.gpu, shape, transfers));
    PASSBENCH_TRY(Way way, make_way(parameters, session, shape));
    auto instance = std::make_unique<FftInstance>(context.pool, shape, context.seed, transfers, std::move(session),
                                                  std::move(way), std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs());
    return instance;
}

}  // namespace passbench

// roofline: one array in the device's memory, read with a growing number of multiply-adds for each float.
#include <algorithm>
#include <optional>
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/roofline_inputs.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cuda/cuda_instance.hpp"
#include "kernels/cuda/forms.hpp"
#include "kernels/cuda/memory_limit.hpp"
#include "kernels/cuda/roofline_ceilings.hpp"

namespace passbench {

namespace {

struct Case {
    std::size_t intensity;
    std::size_t count;  // floats
    std::uint64_t seed;
};

struct RooflineMemory {
    DeviceMemory x;
    DeviceMemory sums;
    Buffer host;  // the sums
};

class RooflineInstance final : public CudaInstance {
public:
    RooflineInstance(ThreadPool& pool, const Case& what, GpuSession session, RooflineKernel kernel,
                     RooflineMemory memory)
        : CudaInstance(std::move(session)),
          pool_(pool),
          case_(what),
          inputs_(what.seed),
          kernel_(std::move(kernel)),
          memory_(std::move(memory)) {}

    /// Once, before anything else; by way of `host`, which is as large as the array.
    [[nodiscard]] Result<void> upload_inputs(const Buffer& host) {
        const std::span<float> x = host.as<float>();
        pool_.run(pool_.size(), [&](int worker) {
            const Share share = share_of(x.size(), worker, pool_.size());
            for (std::size_t i = share.begin; i < share.end; ++i) x[i] = inputs_.x(i);
        });
        PASSBENCH_CHECK(gpu().upload(memory_.x, host.bytes()));
        return spoil_results();
    }

    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] Result<void> fetch_results() override { return gpu().download(results(), memory_.sums); }
    [[nodiscard]] std::span<std::byte> results() override { return memory_.host.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (is_simulated()) return no_limit("no limit: the device is simulated");
        if (auto why_not = too_small_for_device_memory(gpu(), static_cast<std::int64_t>(memory_.x.size_bytes()))) {
            return no_limit(*std::move(why_not));
        }
        constexpr unsigned fmas = 2048;
        PASSBENCH_TRY(const RooflineCeilings reached,
                      measure_roofline_ceilings(gpu(), stream(), kernel_, memory_.x, fmas));
        return InstanceLimit{
            .value = std::min(reached.bytes_a_second * roofline_flops_a_byte(case_.intensity), reached.flops),
            .kind = LimitKind::measured,
            .metric = "flops",
            .formula = roofline_formula(reached.bytes_a_second, case_.intensity, reached.flops)};
    }

private:
    [[nodiscard]] Result<void> spoil_results() override {
        std::ranges::fill(memory_.host.as<std::uint32_t>(), RooflineInputs::spoiled);
        return gpu().upload(memory_.sums, memory_.host.bytes());
    }
    [[nodiscard]] Result<void> compare_results() const override {
        return inputs_.check(pool_, pool_.size(), case_.count, case_.intensity, memory_.host.as<std::uint32_t>());
    }
    CUresult enqueue() override {
        return kernel_.launch(stream(), memory_.x, case_.count, inputs_.multiplier(), roofline_fmas(case_.intensity),
                              memory_.sums);
    }

    ThreadPool& pool_;
    const Case case_;
    const RooflineInputs inputs_;
    RooflineKernel kernel_;
    RooflineMemory memory_;
};

}  // namespace

PreparedCase prepare_cuda_roofline(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(GpuSession session, GpuSession::open(context.driver));
    const Gpu& gpu = *session.gpu;
    const auto bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const Case what = {.intensity = roofline_intensity_of(word_of(parameters, "intensity")),
                       .count = bytes / sizeof(float),
                       .seed = context.seed};
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(bytes), available_memory_bytes()));
    PASSBENCH_TRY(RooflineKernel kernel, RooflineKernel::load(gpu));
    const std::size_t sums_bytes = roofline_chunks(what.count) * sizeof(std::uint32_t);
    RooflineMemory memory;
    PASSBENCH_TRY(memory.x, gpu.allocate(bytes));
    PASSBENCH_TRY(memory.sums, gpu.allocate(sums_bytes));
    PASSBENCH_TRY(memory.host, Buffer::allocate(sums_bytes));
    PASSBENCH_TRY(const Buffer host, Buffer::allocate(bytes));
    auto instance = std::make_unique<RooflineInstance>(context.pool, what, std::move(session), std::move(kernel),
                                                       std::move(memory));
    PASSBENCH_CHECK(instance->upload_inputs(host));
    return instance;
}

}  // namespace passbench

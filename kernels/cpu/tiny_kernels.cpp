// tiny-kernels: as many steps over a small vector as a device would get kernels, each after the one before. One thread does them
// without any handing over; several meet after each step, as the blocks of a device do.
#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/target.hpp"
#include "kernels/cpu/tiny_kernels_inputs.hpp"

namespace passbench {

namespace {

constexpr std::size_t floats_a_line = 16;

struct Case {
    std::int64_t kernels;
    std::size_t elements;
    Target target;
    std::uint64_t seed;

    /// With the first element once more behind the last.
    [[nodiscard]] std::size_t vector_bytes() const { return (elements + 1) * sizeof(float); }
};

/// What steps go back and forth between, and what they begin with.
struct Memory {
    Buffer start;
    std::array<Buffer, 2> turns;

    static Result<Memory> allocate(const Case& what) {
        Memory memory;
        PASSBENCH_TRY(memory.start, Buffer::allocate(what.vector_bytes()));
        for (Buffer& turn : memory.turns) {
            PASSBENCH_TRY(turn, Buffer::allocate(what.vector_bytes()));
        }
        return memory;
    }
};

class TinyKernelsInstance final : public WorkloadInstance {
public:
    TinyKernelsInstance(ThreadPool& pool, const Case& what, Memory memory)
        : pool_(pool),
          case_(what),
          memory_(std::move(memory)),
          inputs_(what.seed, what.elements),
          loop_(loops_of(what.target.isa).tiny_step),
          step_of_worker_([this](int worker) { step(worker); }) {
        const std::span<float> start = memory_.start.as<float>();
        for (std::size_t i = 0; i <= case_.elements; ++i) {
            start[i] = static_cast<float>(inputs_.start(i % case_.elements));
        }
    }

    void iterate() override {
        from_ = memory_.start.as<float>().data();
        for (std::int64_t kernel = 0; kernel < case_.kernels; ++kernel) {
            to_ = turn(kernel).data();
            addend_ = inputs_.addend(kernel);
            pool_.run(case_.target.threads, step_of_worker_);
            from_ = to_;
        }
    }
    [[nodiscard]] std::int64_t ops() const override { return case_.kernels; }
    [[nodiscard]] int threads() const override { return case_.target.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(case_.target.isa)); }

    [[nodiscard]] Result<void> verify() override {
        for (const Buffer& turn : memory_.turns) {
            std::ranges::fill(turn.as<float>(), std::numeric_limits<float>::quiet_NaN());
        }
        iterate();
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override { return inputs_.check(last(), case_.kernels); }

    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(last()); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(float)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    [[nodiscard]] std::span<float> turn(std::int64_t kernel) const {
        return memory_.turns[static_cast<std::size_t>(kernel % 2)].as<float>();
    }
    /// What the last step leaves.
    [[nodiscard]] std::span<float> last() const { return turn(case_.kernels - 1).first(case_.elements); }

    void step(int worker) const {
        const Share share = share_of(case_.elements, worker, case_.target.threads, floats_a_line);
        loop_(to_, from_, addend_, share.begin, share.end);
        if (share.begin == 0 && share.end > 0) to_[case_.elements] = to_[0];
    }

    ThreadPool& pool_;
    const Case case_;
    Memory memory_;
    const TinyKernelsInputs inputs_;
    const TinyStepLoop loop_;
    // Of the step that is being done; written before the workers are called.
    const float* from_ = nullptr;
    float* to_ = nullptr;
    float addend_ = 0;
    const std::function<void(int)> step_of_worker_;
};

}  // namespace

PreparedCase prepare_tiny_kernels(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, widest_isa(cpu)));
    const Case what = {.kernels = integer_of(parameters, "kernels"),
                       .elements = static_cast<std::size_t>(integer_of(parameters, "elements")),
                       .target = target,
                       .seed = context.seed};
    PASSBENCH_TRY(Memory memory, Memory::allocate(what));
    return std::make_unique<TinyKernelsInstance>(context.pool, what, std::move(memory));
}

}  // namespace passbench

// reduce: the sum of 32-bit integers. Each worker sums its share, the caller adds up.
#include <array>
#include <utility>
#include <vector>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/integer_inputs.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/pooled_instance.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t integers_a_line = 16;

class ReduceInstance final : public PooledInstance {
public:
    ReduceInstance(const InstanceContext& context, const Target& target, Buffer integers)
        : PooledInstance(context.pool, target.threads, std::string(to_string(target.isa))),
          integers_(std::move(integers)),
          inputs_(context.seed),
          sum_of_(loops_of(target.isa).sum),
          partials_(static_cast<std::size_t>(target.threads)),
          work_([this](int worker) { work(worker); }) {
        run([this](int worker) { inputs_.fill(integers_.as<std::uint32_t>(), share(worker)); });
    }

    void iterate() override {
        run(work_);
        sum_ = 0;
        for (const Partial& partial : partials_) sum_ += partial.sum;
    }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check_sum(pool(), threads(), integers_.as<std::uint32_t>().size(), sum_);
    }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(&sum_, 1)); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const std::array<std::span<const std::byte>, 1> buffers = {integers_.bytes()};
        return read_bandwidth_limit(pool(), threads(), buffers);
    }

private:
    struct alignas(line_bytes) Partial {
        std::uint64_t sum = 0;
    };

    [[nodiscard]] Share share(int worker) const {
        return share_of(integers_.as<std::uint32_t>().size(), worker, threads(), integers_a_line);
    }
    void work(int worker) {
        const auto [begin, end] = share(worker);
        const std::uint32_t* const first = integers_.as<std::uint32_t>().data() + begin;
        partials_[static_cast<std::size_t>(worker)].sum = sum_of_(first, end - begin);
    }
    void spoil_results() override {
        sum_ = ~std::uint64_t{0};
        for (Partial& partial : partials_) partial.sum = sum_;
    }

    Buffer integers_;
    const IntegerInputs inputs_;
    const SumLoop sum_of_;
    std::vector<Partial> partials_;
    std::uint64_t sum_ = 0;
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_reduce(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, memory_isa(cpu)));
    const std::int64_t size_bytes = integer_of(parameters, "bytes");
    PASSBENCH_CHECK(require_memory(size_bytes, available_memory_bytes()));
    PASSBENCH_TRY(Buffer integers, Buffer::allocate(static_cast<std::size_t>(size_bytes)));
    return std::make_unique<ReduceInstance>(context, target, std::move(integers));
}

}  // namespace passbench

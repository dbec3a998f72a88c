// histogram: counts of the highest byte. Each worker counts its share in tables of its own, the caller adds up.
#include <array>
#include <utility>
#include <vector>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/byte_counts.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/pooled_instance.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t integers_a_line = 16;

class HistogramInstance final : public PooledInstance {
public:
    HistogramInstance(const InstanceContext& context, int threads, Skew skew, Buffer integers)
        : PooledInstance(context.pool, threads, plain_code),
          integers_(std::move(integers)),
          inputs_(context.seed, skew),
          partials_(static_cast<std::size_t>(threads)),
          work_([this](int worker) { work(worker); }) {
        run([this](int worker) { inputs_.fill(integers_.as<std::uint32_t>(), share(worker)); });
        HistogramInstance::spoil_results();
    }

    void iterate() override {
        run(work_);
        counts_ = {};
        for (const Counts& partial : partials_) {
            for (std::size_t bin = 0; bin < bins; ++bin) counts_[bin] += partial[bin];
        }
    }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check_counts(pool(), threads(), integers_.as<std::uint32_t>().size(), counts_);
    }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(counts_)); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const std::array<std::span<const std::byte>, 1> buffers = {integers_.bytes()};
        return read_bandwidth_limit(pool(), threads(), buffers);
    }

private:
    [[nodiscard]] Share share(int worker) const {
        return share_of(integers_.as<std::uint32_t>().size(), worker, threads(), integers_a_line);
    }
    void work(int worker) {
        const auto [begin, end] = share(worker);
        const std::span<const std::uint32_t> integers = integers_.as<std::uint32_t>();
        partials_[static_cast<std::size_t>(worker)] = count_high_bytes(integers.subspan(begin, end - begin));
    }
    void spoil_results() override {
        counts_.fill(~std::uint32_t{0});
        for (Counts& partial : partials_) partial = counts_;
    }

    Buffer integers_;
    const IntegerInputs inputs_;
    std::vector<Counts> partials_;
    Counts counts_{};
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_histogram(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    const std::int64_t size_bytes = integer_of(parameters, "bytes");
    PASSBENCH_CHECK(require_memory(size_bytes, available_memory_bytes()));
    PASSBENCH_TRY(Buffer integers, Buffer::allocate(static_cast<std::size_t>(size_bytes)));
    return std::make_unique<HistogramInstance>(context, threads, skew_of(word_of(parameters, "values")),
                                               std::move(integers));
}

}  // namespace passbench

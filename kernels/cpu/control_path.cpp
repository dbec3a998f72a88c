// control-path: memory, a thread or a library, each asked for and given back, on one thread.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/control_operations.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

class ControlPathInstance final : public WorkloadInstance {
public:
    ControlPathInstance(ThreadPool& pool, std::unique_ptr<CpuOperation> operation, Buffer words,
                        std::int64_t fresh_bytes, std::uint64_t seed)
        : pool_(pool),
          operation_(std::move(operation)),
          words_(std::move(words)),
          fresh_bytes_(fresh_bytes),
          inputs_(seed) {
        inputs_.spoil(words_.as<std::uint64_t>());
    }

    void iterate() override {
        note(operation_->take());
        note(operation_->give_back());
    }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "libc"; }

    [[nodiscard]] Result<void> verify() override {
        inputs_.spoil(words_.as<std::uint64_t>());
        iterate();
        PASSBENCH_CHECK(noted());
        PASSBENCH_CHECK(fetch_results());
        return check_results();
    }
    /// What the iterations asked for was given back: the proof asks once more.
    [[nodiscard]] Result<void> fetch_results() override {
        note(operation_->take());
        PASSBENCH_CHECK(noted());
        operation_->prove(inputs_, words_.as<std::uint64_t>());
        note(operation_->give_back());
        return noted();
    }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check(pool_, words_.as<std::uint64_t>(), operation_->thing());
    }
    [[nodiscard]] std::span<std::byte> results() override { return words_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint64_t)}; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"allocate_ns", "free_ns"}; }
    [[nodiscard]] Result<void> after_sample() override { return noted(); }
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        std::ranges::fill(values, 0);
        for (std::int64_t i = 0; i < iterations; ++i) {
            const std::int64_t begin = steady_ns();
            note(operation_->take());
            const std::int64_t taken = steady_ns();
            note(operation_->give_back());
            values[0] += taken - begin;
            values[1] += steady_ns() - taken;
        }
        return noted();
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (fresh_bytes_ == 0) return no_limit("no limit: no page of it has to be set to zero");
        const Topology topology = read_topology(std::span(pool_.cpus()).first(1));
        if (auto why_not = too_small_for_memory(fresh_bytes_, topology)) return no_limit(*std::move(why_not));
        PASSBENCH_TRY(const double zeroed, measure_zeroing());
        return InstanceLimit{.value = zeroed,
                             .kind = LimitKind::measured,
                             .metric = "bandwidth",
                             .formula = fmt::format("{} set to zero by 1 thread", format_value(zeroed, "B/s"))};
    }

private:
    void note(int code) {
        if (noted_ == 0) noted_ = code;
    }
    [[nodiscard]] Result<void> noted() const {
        if (noted_ == 0) return {};
        return fail({.code = noted_ == ENOMEM ? ErrorCode::out_of_memory : ErrorCode::io,
                     .what = fmt::format("control-path: asking for {} or giving it back failed: {}",
                                         operation_->thing(), std::strerror(noted_)),
                     .fix = "Free memory, or take a smaller `bytes`."});
    }

    /// Bytes a second of memory that is there; the best of some passes.
    [[nodiscard]] Result<double> measure_zeroing() const {
        constexpr int passes = 5;
        const auto size_bytes = static_cast<std::size_t>(fresh_bytes_);
        PASSBENCH_TRY(const Buffer buffer, Buffer::allocate(size_bytes));
        std::byte* const memory = buffer.bytes().data();
        touch(memory, size_bytes);
        std::int64_t best_ns = INT64_MAX;
        for (int pass = 0; pass < passes; ++pass) {
            const std::int64_t begin = steady_ns();
            std::memset(memory, 0, size_bytes);
            asm volatile("" : : "r"(memory) : "memory");  // somebody might read it
            best_ns = std::min(best_ns, steady_ns() - begin);
        }
        constexpr double ns_per_s = 1e9;
        return static_cast<double>(fresh_bytes_) / static_cast<double>(best_ns) * ns_per_s;
    }

    ThreadPool& pool_;
    std::unique_ptr<CpuOperation> operation_;
    Buffer words_;                    // what the proof has read
    const std::int64_t fresh_bytes_;  // that the system has to set to zero; 0 where there are none
    const ControlPathInputs inputs_;
    int noted_ = 0;  // the first errno of calls that are not asked one by one
};

}  // namespace

PreparedCase prepare_control_path(const Parameters& parameters, const InstanceContext& context) {
    const std::string_view op = word_of(parameters, "op");
    const bool is_memory = op != "context" && op != "module";
    const bool is_fresh = op == "allocate" || op == "pinned";
    const std::int64_t bytes = is_memory ? integer_of(parameters, "bytes") : static_cast<std::int64_t>(proof_bytes);
    PASSBENCH_CHECK(require_memory(2 * bytes, available_memory_bytes()));
    const Pages pages = word_of(parameters, "pages") == "huge" ? Pages::huge : Pages::small;
    PASSBENCH_TRY(auto operation, make_cpu_operation(op, static_cast<std::size_t>(bytes), pages));
    PASSBENCH_TRY(Buffer words, Buffer::allocate(static_cast<std::size_t>(bytes)));
    return std::make_unique<ControlPathInstance>(context.pool, std::move(operation), std::move(words),
                                                 is_fresh ? bytes : 0, context.seed);
}

}  // namespace passbench

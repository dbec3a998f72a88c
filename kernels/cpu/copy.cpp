// copy: one buffer to another, by the C library's memcpy or by own loops. Each thread copies its own share; small copies are
// repeated within an iteration without the threads meeting in between, so that handing work over is not measured here.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/copy_inputs.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::int64_t least_bytes_an_iteration = 1 << 20;

void copy_with_libc(std::byte* to, const std::byte* from, std::size_t size_bytes) {
    std::memcpy(to, from, size_bytes);
    // The same copy is done many times: the compiler must not see that one would do.
    asm volatile("" : : "r"(to) : "memory");
}

struct Case {
    CopyLoop copy;
    std::string isa;  // of the loop; libc where the C library chooses
    int threads;
    std::size_t size_bytes;
    std::uint64_t seed;
};

class CopyInstance final : public WorkloadInstance {
public:
    CopyInstance(ThreadPool& pool, Case what, Buffer from, Buffer to)
        : pool_(pool),
          case_(std::move(what)),
          from_(std::move(from)),
          to_(std::move(to)),
          inputs_(case_.seed),
          rounds_(std::max<std::int64_t>(1, least_bytes_an_iteration / static_cast<std::int64_t>(case_.size_bytes))),
          work_([this](int worker) { work(worker); }) {
        pool_.run(threads(), [this](int worker) {
            inputs_.fill(from_.bytes(), share(worker));
            inputs_.spoil(to_.bytes(), share(worker));
        });
    }

    void iterate() override { pool_.run(case_.threads, work_); }
    [[nodiscard]] std::int64_t ops() const override { return rounds_; }
    [[nodiscard]] int threads() const override { return case_.threads; }
    [[nodiscard]] std::string isa() const override { return case_.isa; }

    [[nodiscard]] Result<void> verify() override {
        pool_.run(threads(), [this](int worker) { inputs_.spoil(to_.bytes(), share(worker)); });
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check(pool_, threads(), to_.bytes(), "copy");
    }

    [[nodiscard]] std::span<std::byte> results() override { return to_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = 1}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const Topology topology = read_topology(std::span(pool_.cpus()).first(static_cast<std::size_t>(threads())));
        constexpr std::size_t buffers_count = 2;
        const auto footprint = static_cast<std::int64_t>(buffers_count * case_.size_bytes);
        if (auto why_not = too_small_for_memory(footprint, topology)) {
            return no_limit(*std::move(why_not));
        }
        const std::array<std::span<const std::byte>, buffers_count> buffers = {from_.bytes(), to_.bytes()};
        const double read = measure_read_bandwidth(pool_, threads(), buffers);
        return InstanceLimit{.value = read / 2,
                             .kind = LimitKind::measured,
                             .metric = "bandwidth",
                             .formula = fmt::format("{} read by {} thread{} / 2", format_value(read, "B/s"), threads(),
                                                    threads() == 1 ? "" : "s")};
    }

private:
    [[nodiscard]] Share share(int worker) const { return share_of(case_.size_bytes, worker, threads(), line_bytes); }

    void work(int worker) {
        const auto [begin, end] = share(worker);
        for (std::int64_t round = 0; round < rounds_; ++round) {
            case_.copy(to_.bytes().data() + begin, from_.bytes().data() + begin, end - begin);
        }
    }

    ThreadPool& pool_;
    const Case case_;
    Buffer from_;
    Buffer to_;
    const CopyInputs inputs_;
    const std::int64_t rounds_;
    const std::function<void(int)> work_;
};

Result<Case> choose_method(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, memory_isa(cpu)));
    const std::string_view method = word_of(parameters, "method");
    Case result = {.copy = &copy_with_libc,
                   .isa = "libc",
                   .threads = target.threads,
                   .size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes")),
                   .seed = context.seed};
    if (method == "memcpy") return result;
    const Stores stores = method == "nontemporal" ? Stores::nontemporal : Stores::plain;
    result.copy = loops_of(target.isa).copy[static_cast<std::size_t>(stores)];
    result.isa = to_string(target.isa);
    return result;
}

}  // namespace

PreparedCase prepare_copy(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(Case what, choose_method(parameters, context));
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(2 * what.size_bytes), available_memory_bytes()));
    PASSBENCH_TRY(Buffer from, Buffer::allocate(what.size_bytes));
    PASSBENCH_TRY(Buffer to, Buffer::allocate(what.size_bytes));
    return std::make_unique<CopyInstance>(context.pool, std::move(what), std::move(from), std::move(to));
}

}  // namespace passbench

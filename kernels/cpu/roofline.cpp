// roofline: one array, read with a growing number of multiply-adds for each float. Each worker makes the sums of its own chunks.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/fma_peak.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/roofline_inputs.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

// An iteration reads at least this much, so that handing the work to the threads does not count for small arrays.
constexpr std::int64_t least_bytes_an_iteration = 1 << 20;

struct Case {
    std::size_t intensity;
    Target target;
    std::size_t count;  // floats
    std::uint64_t seed;
};

class RooflineInstance final : public WorkloadInstance {
public:
    RooflineInstance(ThreadPool& pool, const Case& what, Buffer x, Buffer sums)
        : pool_(pool),
          case_(what),
          loop_(loops_of(what.target.isa).roofline[what.intensity]),
          x_(std::move(x)),
          sums_(std::move(sums)),
          inputs_(what.seed),
          rounds_(std::max<std::int64_t>(1, least_bytes_an_iteration / static_cast<std::int64_t>(x_.bytes().size()))),
          work_([this](int worker) { work(worker); }) {
        pool_.run(threads(), [this](int worker) { fill(worker); });
    }

    void iterate() override { pool_.run(case_.target.threads, work_); }
    [[nodiscard]] std::int64_t ops() const override { return rounds_; }
    [[nodiscard]] int threads() const override { return case_.target.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(case_.target.isa)); }

    [[nodiscard]] Result<void> verify() override {
        std::ranges::fill(sums_.as<std::uint32_t>(), RooflineInputs::spoiled);
        iterate();
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check(pool_, threads(), case_.count, case_.intensity, sums_.as<std::uint32_t>());
    }
    [[nodiscard]] std::span<std::byte> results() override { return sums_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const Topology topology = read_topology(std::span(pool_.cpus()).first(static_cast<std::size_t>(threads())));
        if (auto why_not = too_small_for_memory(static_cast<std::int64_t>(x_.bytes().size()), topology)) {
            return no_limit(*std::move(why_not));
        }
        const std::array<std::span<const std::byte>, 1> buffers = {x_.bytes()};
        const double read = measure_read_bandwidth(pool_, threads(), buffers);
        const double peak = measure_fma_peak(pool_, threads(), case_.target.isa);
        return InstanceLimit{.value = std::min(read * roofline_flops_a_byte(case_.intensity), peak),
                             .kind = LimitKind::measured,
                             .metric = "flops",
                             .formula = fmt::format("{} by {} thread{}", roofline_formula(read, case_.intensity, peak),
                                                    threads(), threads() == 1 ? "" : "s")};
    }

private:
    [[nodiscard]] Share chunks_of(int worker) const {
        return share_of(roofline_chunks(case_.count), worker, threads());
    }

    void work(int worker) {
        const float* const x = x_.as<float>().data();
        const std::span<std::uint32_t> sums = sums_.as<std::uint32_t>();
        const Share chunks = chunks_of(worker);
        for (std::int64_t round = 0; round < rounds_; ++round) {
            for (std::size_t chunk = chunks.begin; chunk < chunks.end; ++chunk) {
                const std::size_t begin = chunk * roofline_chunk;
                sums[chunk] = loop_(x + begin, std::min(roofline_chunk, case_.count - begin), inputs_.multiplier());
            }
        }
    }

    void fill(int worker) {
        const Share chunks = chunks_of(worker);
        const std::span<float> x = x_.as<float>();
        const std::span<std::uint32_t> sums = sums_.as<std::uint32_t>();
        for (std::size_t i = chunks.begin * roofline_chunk; i < std::min(chunks.end * roofline_chunk, x.size()); ++i) {
            x[i] = inputs_.x(i);
        }
        for (std::size_t chunk = chunks.begin; chunk < chunks.end; ++chunk) sums[chunk] = RooflineInputs::spoiled;
    }

    ThreadPool& pool_;
    const Case case_;
    const RooflineLoop loop_;
    Buffer x_;
    Buffer sums_;
    const RooflineInputs inputs_;
    const std::int64_t rounds_;
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_roofline(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, widest_isa(cpu)));
    const auto bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const Case what = {.intensity = roofline_intensity_of(word_of(parameters, "intensity")),
                       .target = target,
                       .count = bytes / sizeof(float),
                       .seed = context.seed};
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(bytes), available_memory_bytes()));
    PASSBENCH_TRY(Buffer x, Buffer::allocate(bytes));
    PASSBENCH_TRY(Buffer sums, Buffer::allocate(roofline_chunks(what.count) * sizeof(std::uint32_t)));
    return std::make_unique<RooflineInstance>(context.pool, what, std::move(x), std::move(sums));
}

}  // namespace passbench

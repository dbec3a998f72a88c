// host-read: the processor's own memory read once through, in shares.
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/host_memory.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/read_inputs.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;

class HostReadInstance final : public WorkloadInstance {
public:
    HostReadInstance(ThreadPool& pool, const Target& target, const ReadInputs& inputs, Buffer memory)
        : pool_(pool),
          target_(target),
          read_(loops_of(target.isa).read),
          memory_(std::move(memory)),
          right_(inputs.sum(pool, target.threads, memory_.as<double>().size())),
          parts_(static_cast<std::size_t>(target.threads)),
          work_([this](int worker) { work(worker); }) {}

    void iterate() override { pool_.run(target_.threads, work_); }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return target_.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(target_.isa)); }

    [[nodiscard]] Result<void> verify() override {
        for (Part& part : parts_) part.sum = std::numeric_limits<double>::quiet_NaN();
        iterate();
        PASSBENCH_CHECK(fetch_results());
        return check_results();
    }
    [[nodiscard]] Result<void> fetch_results() override {
        sum_ = {.seen = 0, .expected = right_};
        for (const Part& part : parts_) sum_.seen += part.sum;
        return {};
    }
    [[nodiscard]] Result<void> check_results() const override { return sum_.check(); }
    [[nodiscard]] std::span<std::byte> results() override { return std::as_writable_bytes(std::span(&sum_.seen, 1)); }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const Topology topology = read_topology(std::span(pool_.cpus()).first(static_cast<std::size_t>(threads())));
        if (auto why_not = too_small_for_memory(static_cast<std::int64_t>(memory_.bytes().size()), topology)) {
            return no_limit(*std::move(why_not));
        }
        const std::array<std::span<const std::byte>, 1> buffers = {memory_.bytes()};
        return InstanceLimit{.value = measure_read_bandwidth(pool_, threads(), buffers),
                             .kind = LimitKind::measured,
                             .metric = "bandwidth",
                             .formula = fmt::format("best pass of {} thread{}", threads(), threads() == 1 ? "" : "s")};
    }
    [[nodiscard]] Facts facts() const override { return page_facts(memory_); }

private:
    struct alignas(line_bytes) Part {
        double sum = 0;
    };

    void work(int worker) {
        const std::span<const std::byte> bytes = memory_.bytes();
        const Share share = share_of(bytes.size(), worker, threads(), line_bytes);
        parts_[static_cast<std::size_t>(worker)].sum = read_(bytes.data() + share.begin, share.end - share.begin);
    }

    ThreadPool& pool_;
    const Target target_;
    const ReadLoop read_;
    const Buffer memory_;
    const double right_;
    std::vector<Part> parts_;
    ReadSum sum_;
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_host_read(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, memory_isa(cpu)));
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const ReadInputs inputs(context.seed);
    PASSBENCH_TRY(Buffer memory, allocate_with_pages(size_bytes, word_of(parameters, "pages"), [&](auto bytes) {
                      inputs.fill(context.pool, target.threads,
                                  {reinterpret_cast<double*>(bytes.data()), bytes.size() / sizeof(double)});
                  }));
    return std::make_unique<HostReadInstance>(context.pool, target, inputs, std::move(memory));
}

}  // namespace passbench

// gather: elements of a table that indices name. Each worker does its share of the loads, from anywhere in the table.
#include <array>
#include <utility>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/gather_inputs.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/pooled_instance.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t indices_a_line = 16;

struct GatherBuffers {
    Buffer table;
    Buffer indices;
    Buffer out;
};

class GatherInstance final : public PooledInstance {
public:
    GatherInstance(const InstanceContext& context, const Target& target, GatherPattern pattern, GatherBuffers buffers)
        : PooledInstance(context.pool, target.threads, std::string(to_string(target.isa))),
          buffers_(std::move(buffers)),
          inputs_(context.seed, table().size(), pattern),
          loop_(loops_of(target.isa).gather),
          work_([this](int worker) { work(worker); }) {
        run([this](int worker) {
            const Share of_table = share_of(table().size(), worker, threads(), indices_a_line);
            for (std::size_t i = of_table.begin; i < of_table.end; ++i) table()[i] = inputs_.element(i);
            const auto [begin, end] = share(worker);
            for (std::size_t i = begin; i < end; ++i) indices()[i] = inputs_.index(i);
        });
        GatherInstance::spoil_results();
    }

    void iterate() override { run(work_); }
    [[nodiscard]] Result<void> check_results() const override { return inputs_.check(pool(), threads(), out()); }
    [[nodiscard]] std::span<std::byte> results() override { return buffers_.out.bytes(); }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (inputs_.pattern == GatherPattern::sequential) {
            const std::array<std::span<const std::byte>, 3> touched = {std::as_bytes(table().first(out().size())),
                                                                       buffers_.indices.bytes(), buffers_.out.bytes()};
            return read_bandwidth_limit(pool(), threads(), touched);
        }
        const std::array<std::span<const std::byte>, 1> touched = {buffers_.table.bytes()};
        InstanceLimit limit = read_bandwidth_limit(pool(), threads(), touched);
        if (limit.kind == LimitKind::none) return limit;
        limit.value *= static_cast<double>(gather_used_bytes) / gather_line_bytes;
        limit.formula += " x 20 of 76 B used";
        return limit;
    }

private:
    [[nodiscard]] std::span<std::uint64_t> table() const { return buffers_.table.as<std::uint64_t>(); }
    [[nodiscard]] std::span<std::uint32_t> indices() const { return buffers_.indices.as<std::uint32_t>(); }
    [[nodiscard]] std::span<std::uint64_t> out() const { return buffers_.out.as<std::uint64_t>(); }
    [[nodiscard]] Share share(int worker) const { return share_of(out().size(), worker, threads(), indices_a_line); }

    void work(int worker) {
        const auto [begin, end] = share(worker);
        loop_(table().data(), indices().data() + begin, out().data() + begin, end - begin);
    }
    /// No element of the table is its own complement.
    void spoil_results() override {
        run([this](int worker) {
            const auto [begin, end] = share(worker);
            for (std::size_t i = begin; i < end; ++i) out()[i] = ~inputs_.element(inputs_.index(i));
        });
    }

    GatherBuffers buffers_;
    const GatherInputs inputs_;
    const GatherLoop loop_;
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_gather(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, gather_isa(cpu)));
    const auto loads = static_cast<std::size_t>(find_workload("gather")->work(parameters).items);
    const auto table_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const std::size_t index_bytes = loads * sizeof(std::uint32_t);
    const std::size_t out_bytes = loads * sizeof(std::uint64_t);
    PASSBENCH_CHECK(
        require_memory(static_cast<std::int64_t>(table_bytes + index_bytes + out_bytes), available_memory_bytes()));
    GatherBuffers buffers;
    PASSBENCH_TRY(buffers.table, Buffer::allocate(table_bytes));
    PASSBENCH_TRY(buffers.indices, Buffer::allocate(index_bytes));
    PASSBENCH_TRY(buffers.out, Buffer::allocate(out_bytes));
    return std::make_unique<GatherInstance>(context, target, gather_pattern_of(word_of(parameters, "pattern")),
                                            std::move(buffers));
}

}  // namespace passbench

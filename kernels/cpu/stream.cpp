// stream: copy, scale, add, triad, dot. The arrays are filled and used by the same workers, each its own share.
#include <array>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/stream_inputs.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t doubles_a_line = 8;
constexpr std::size_t line_bytes = 64;
// An iteration moves at least this much, so that handing the work to the threads does not count for small arrays.
constexpr std::int64_t least_bytes_an_iteration = 1 << 20;

struct Case {
    StreamOp op;
    Stores stores;
    Target target;
    std::size_t count;  // doubles in an array
    std::uint64_t seed;
};

/// The arrays that the operation uses; the others stay empty.
struct Arrays {
    Buffer x;
    Buffer y;
    Buffer out;

    static Result<Arrays> allocate(const Case& wanted) {
        const std::size_t array_bytes = wanted.count * sizeof(double);
        const bool has_y = reads_two(wanted.op);
        const bool has_out = wanted.op != StreamOp::dot;
        const std::size_t arrays = 1U + (has_y ? 1U : 0U) + (has_out ? 1U : 0U);
        PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(arrays * array_bytes), available_memory_bytes()));
        Arrays result;
        PASSBENCH_TRY(result.x, Buffer::allocate(array_bytes));
        if (has_y) {
            PASSBENCH_TRY(result.y, Buffer::allocate(array_bytes));
        }
        if (has_out) {
            PASSBENCH_TRY(result.out, Buffer::allocate(array_bytes));
        }
        return result;
    }
    [[nodiscard]] StreamArrays pointers() const {
        return {.x = x.as<double>().data(), .y = y.as<double>().data(), .out = out.as<double>().data()};
    }
};

class StreamInstance final : public WorkloadInstance {
public:
    StreamInstance(ThreadPool& pool, const Case& what, Arrays arrays)
        : pool_(pool),
          case_(what),
          arrays_(std::move(arrays)),
          inputs_(what.seed),
          loop_(loops_of(what.target.isa)
                    .stream[static_cast<std::size_t>(what.op)][static_cast<std::size_t>(what.stores)]),
          rounds_(std::max<std::int64_t>(1, least_bytes_an_iteration / footprint_bytes())),
          partials_(static_cast<std::size_t>(what.target.threads)),
          work_([this](int worker) { work(worker); }) {
        pool_.run(threads(), [this](int worker) { fill(worker); });
    }

    void iterate() override {
        pool_.run(case_.target.threads, work_);
        dot_ = 0;
        for (const Partial& partial : partials_) dot_ += partial.value;
    }
    [[nodiscard]] std::int64_t ops() const override { return rounds_; }
    [[nodiscard]] int threads() const override { return case_.target.threads; }
    [[nodiscard]] std::string isa() const override { return std::string(to_string(case_.target.isa)); }

    [[nodiscard]] Result<void> verify() override {
        spoil_results();
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        const std::span<const double> results =
            case_.op == StreamOp::dot ? std::span(&dot_, 1) : std::span<const double>(arrays_.out.as<double>());
        return inputs_.check(pool_, threads(), case_.op, case_.count, results);
    }

    [[nodiscard]] std::span<std::byte> results() override {
        if (case_.op == StreamOp::dot) return std::as_writable_bytes(std::span(&dot_, 1));
        return arrays_.out.bytes();
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const std::array<std::span<const std::byte>, 3> buffers = {arrays_.x.bytes(), arrays_.y.bytes(),
                                                                   arrays_.out.bytes()};
        return read_bandwidth_limit(pool_, threads(), buffers);
    }

private:
    struct alignas(line_bytes) Partial {
        double value = 0;
    };

    [[nodiscard]] std::int64_t footprint_bytes() const {
        return static_cast<std::int64_t>(arrays_.x.bytes().size() + arrays_.y.bytes().size() +
                                         arrays_.out.bytes().size());
    }
    [[nodiscard]] Share share(int worker) const { return share_of(case_.count, worker, threads(), doubles_a_line); }

    void work(int worker) {
        const auto [begin, end] = share(worker);
        const StreamArrays pointers = arrays_.pointers();
        double sum = 0;
        for (std::int64_t round = 0; round < rounds_; ++round) sum = loop_(pointers, stream_scalar, begin, end);
        partials_[static_cast<std::size_t>(worker)].value = sum;
    }

    void fill(int worker) {
        const auto [begin, end] = share(worker);
        const std::span<double> x = arrays_.x.as<double>();
        const std::span<double> y = arrays_.y.as<double>();
        const std::span<double> out = arrays_.out.as<double>();
        for (std::size_t i = begin; i < end; ++i) {
            x[i] = static_cast<double>(inputs_.x(i));
            if (!y.empty()) y[i] = static_cast<double>(inputs_.y(i));
            if (!out.empty()) out[i] = spoiled;
        }
    }

    /// So that an old result cannot pass for a new one.
    void spoil_results() {
        dot_ = spoiled;
        for (Partial& partial : partials_) partial.value = spoiled;
        const std::span<double> out = arrays_.out.as<double>();
        if (out.empty()) return;
        pool_.run(threads(), [&](int worker) {
            const auto [begin, end] = share(worker);
            std::fill(out.begin() + static_cast<std::ptrdiff_t>(begin), out.begin() + static_cast<std::ptrdiff_t>(end),
                      spoiled);
        });
    }

    static constexpr double spoiled = std::numeric_limits<double>::quiet_NaN();

    ThreadPool& pool_;
    const Case case_;
    Arrays arrays_;
    const StreamInputs inputs_;
    const StreamLoop loop_;
    const std::int64_t rounds_;
    std::vector<Partial> partials_;
    double dot_ = 0;
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_stream(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, memory_isa(cpu)));
    const Case what = {.op = stream_op_of(word_of(parameters, "op")),
                       .stores = word_of(parameters, "stores") == "nontemporal" ? Stores::nontemporal : Stores::plain,
                       .target = target,
                       .count = static_cast<std::size_t>(integer_of(parameters, "bytes")) / sizeof(double),
                       .seed = context.seed};
    PASSBENCH_TRY(Arrays arrays, Arrays::allocate(what));
    return std::make_unique<StreamInstance>(context.pool, what, std::move(arrays));
}

}  // namespace passbench

// duplex: two threads, of which each copies its own buffers, or one copies and the other computes. Small copies are repeated
// within an iteration without the threads meeting in between, as copy does.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "harness/core/clock.hpp"
#include "harness/core/units.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/duplex_inputs.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/memory_limit.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr int both_threads = 2;
constexpr std::int64_t least_bytes_an_iteration = 1 << 20;
// Chains that do not wait for each other; a step of all four takes about a ns, in which memcpy moves about 16 bytes.
constexpr std::size_t chains = 4;
constexpr std::size_t bytes_a_step = 16;

enum class With { copy, compute };

class DuplexInstance final : public WorkloadInstance {
public:
    DuplexInstance(ThreadPool& pool, With with, std::size_t size_bytes, std::uint64_t seed,
                   std::array<Buffer, both_threads> from, Buffer to)
        : pool_(pool),
          with_(with),
          size_bytes_(size_bytes),
          steps_(duplex_steps(size_bytes, bytes_a_step)),
          rounds_(std::max<std::int64_t>(1, least_bytes_an_iteration / static_cast<std::int64_t>(size_bytes))),
          inputs_(seed),
          from_(std::move(from)),
          to_(std::move(to)),
          both_([this](int worker) { worker == 0 ? copy(0) : second(); }) {
        pool_.run(both_threads, [this](int worker) {
            if (worker == 0 || with_ == With::copy) in_own_buffer(worker, &CopyInputs::fill, source(worker));
        });
        spoil();
    }

    void iterate() override { pool_.run(both_threads, both_); }
    [[nodiscard]] std::int64_t ops() const override { return rounds_; }
    [[nodiscard]] int threads() const override { return both_threads; }
    [[nodiscard]] std::string isa() const override { return "libc"; }

    [[nodiscard]] Result<void> verify() override {
        spoil();
        iterate();
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override {
        return with_ == With::copy ? inputs_.check_copies(pool_, to_.bytes(), size_bytes_)
                                   : inputs_.check_compute(pool_, to_.bytes(), size_bytes_, steps_);
    }
    [[nodiscard]] std::span<std::byte> results() override { return to_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = 1}; }

    [[nodiscard]] std::vector<std::string_view> device_columns() const override { return {"overlap_ppm"}; }
    /// Each half alone, on the thread that it has beside the other.
    [[nodiscard]] Result<void> measure_on_device(std::int64_t iterations, std::span<std::int64_t> values) override {
        const double first_ns = time_of(iterations, [this](int worker) { worker == 0 ? copy(0) : void(); });
        const double second_ns = time_of(iterations, [this](int worker) { worker == 1 ? second() : void(); });
        values[0] = overlap_ppm(first_ns, second_ns, time_of(iterations, both_));
        return {};
    }

    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        if (with_ == With::compute) return no_limit("no limit: of a copy beside arithmetic");
        const Topology topology = read_topology(std::span(pool_.cpus()).first(both_threads));
        const std::array<std::span<const std::byte>, 3> buffers = {from_[0].bytes(), from_[1].bytes(), to_.bytes()};
        std::int64_t footprint = 0;
        for (const auto& buffer : buffers) footprint += static_cast<std::int64_t>(buffer.size());
        if (auto why_not = too_small_for_memory(footprint, topology)) return no_limit(*std::move(why_not));
        const double read = measure_read_bandwidth(pool_, both_threads, buffers);
        return InstanceLimit{.value = read / 2,
                             .kind = LimitKind::measured,
                             .metric = "bandwidth",
                             .formula = fmt::format("{} read by 2 threads / 2", format_value(read, "B/s"))};
    }

private:
    [[nodiscard]] std::span<std::byte> source(int half) const { return from_[static_cast<std::size_t>(half)].bytes(); }
    /// What a copy writes; the second one's place holds the chains' values where there is arithmetic instead.
    [[nodiscard]] std::span<std::byte> target(int half) const {
        return half == 0 ? to_.bytes().first(size_bytes_) : to_.bytes().subspan(size_bytes_);
    }

    void in_own_buffer(int half, void (CopyInputs::*write)(std::span<std::byte>, const Share&) const,
                       std::span<std::byte> buffer) const {
        ((half == 0 ? inputs_.first() : inputs_.second()).*write)(buffer, {.begin = 0, .end = buffer.size()});
    }

    /// Every byte of both results, by the thread that writes it.
    void spoil() {
        pool_.run(both_threads, [this](int worker) {
            if (worker == 0 || with_ == With::copy) return in_own_buffer(worker, &CopyInputs::spoil, target(worker));
            std::ranges::fill(target(worker), std::byte{0xff});
        });
    }

    void copy(int half) {
        for (std::int64_t round = 0; round < rounds_; ++round) {
            std::memcpy(target(half).data(), source(half).data(), size_bytes_);
            // The same copy is done many times: the compiler must not see that one would do.
            asm volatile("" : : "r"(target(half).data()) : "memory");
        }
    }

    void compute() {
        std::array<std::uint32_t, chains> values{};
        for (std::int64_t round = 0; round < rounds_; ++round) {
            for (std::size_t i = 0; i < chains; ++i) values[i] = inputs_.start(i);
            asm volatile("" : "+m"(values) : : "memory");
            for (std::uint32_t step = 0; step < steps_; ++step) {
                for (std::uint32_t& value : values) value = value * duplex_factor + duplex_addend;
            }
            asm volatile("" : "+m"(values) : : "memory");
        }
        std::memcpy(target(1).data(), values.data(), sizeof(values));
    }

    void second() { with_ == With::copy ? copy(1) : compute(); }

    template <typename Work>
    double time_of(std::int64_t iterations, const Work& work) {
        const std::function<void(int)> kept = work;
        const std::int64_t begin = steady_ns();
        for (std::int64_t i = 0; i < iterations; ++i) pool_.run(both_threads, kept);
        return static_cast<double>(steady_ns() - begin);
    }

    ThreadPool& pool_;
    const With with_;
    const std::size_t size_bytes_;
    const std::uint32_t steps_;
    const std::int64_t rounds_;
    const DuplexInputs inputs_;
    std::array<Buffer, both_threads> from_;
    Buffer to_;
    const std::function<void(int)> both_;
};

}  // namespace

PreparedCase prepare_duplex(const Parameters& parameters, const InstanceContext& context) {
    if (context.pool.size() < both_threads) {
        return fail({.code = ErrorCode::unsupported,
                     .what = "duplex needs two CPUs, and this trial may use one",
                     .fix = "Give the machine a second CPU, or leave the cpu form of duplex out of the scenario."});
    }
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const With with = word_of(parameters, "with") == "copy" ? With::copy : With::compute;
    const std::size_t second_bytes = with == With::copy ? size_bytes : chains * sizeof(std::uint32_t);
    PASSBENCH_CHECK(
        require_memory(static_cast<std::int64_t>(2 * (size_bytes + second_bytes)), available_memory_bytes()));
    std::array<Buffer, both_threads> from;
    PASSBENCH_TRY(from[0], Buffer::allocate(size_bytes));
    if (with == With::copy) {
        PASSBENCH_TRY(from[1], Buffer::allocate(size_bytes));
    }
    PASSBENCH_TRY(Buffer to, Buffer::allocate(size_bytes + second_bytes));
    return std::make_unique<DuplexInstance>(context.pool, with, size_bytes, context.seed, std::move(from),
                                            std::move(to));
}

}  // namespace passbench

// scan: all prefix sums. The workers take chunks in turn. Each sums its chunk, which brings it into its cache, takes over the sum
// of all chunks before, hands its own on, and only then writes the chunk's results: so memory is read once, and what the workers
// wait for each other is one addition a chunk.
#include <array>
#include <atomic>
#include <thread>
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

// 128 KiB of integers: half of the smallest second-level cache of today's CPUs.
constexpr std::size_t most_integers_a_chunk = 1 << 15;
constexpr std::size_t integers_a_line = 16;

/// No sum of 2^30 integers of 32 bits is as large.
constexpr std::uint64_t not_known = ~std::uint64_t{0};

class ScanInstance final : public PooledInstance {
public:
    ScanInstance(const InstanceContext& context, const Target& target, Stores stores, Buffer integers, Buffer sums)
        : PooledInstance(context.pool, target.threads, std::string(to_string(target.isa))),
          integers_(std::move(integers)),
          sums_(std::move(sums)),
          inputs_(context.seed),
          sum_of_(loops_of(target.isa).sum),
          scan_(loops_of(target.isa).scan[static_cast<std::size_t>(stores)]),
          chunk_(chunk_of(count(), threads())),
          before_((count() + chunk_ - 1) / chunk_ + 1),
          work_([this](int worker) { work(worker); }) {
        run([this](int worker) {
            each_chunk(worker, [this](std::size_t, Share chunk) {
                inputs_.fill(integers_.as<std::uint32_t>(), chunk);
                spoil(chunk);
            });
        });
    }

    void iterate() override {
        for (auto& sum : before_) sum.store(not_known, std::memory_order_relaxed);
        before_.front().store(0, std::memory_order_relaxed);
        run(work_);
    }
    [[nodiscard]] Result<void> check_results() const override {
        return inputs_.check_prefix_sums(pool(), threads(), sums_.as<std::uint64_t>());
    }
    [[nodiscard]] std::span<std::byte> results() override { return sums_.bytes(); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override {
        const std::array<std::span<const std::byte>, 2> buffers = {integers_.bytes(), sums_.bytes()};
        return read_bandwidth_limit(pool(), threads(), buffers);
    }

private:
    /// Whole lines; of small arrays such that each worker has one.
    static std::size_t chunk_of(std::size_t count, int threads) {
        const auto workers = static_cast<std::size_t>(threads);
        const std::size_t lines = (count + workers * integers_a_line - 1) / (workers * integers_a_line);
        return std::min(most_integers_a_chunk, lines * integers_a_line);
    }

    [[nodiscard]] std::size_t count() const { return integers_.as<std::uint32_t>().size(); }

    /// do_chunk(number, integers) for the chunks of the worker.
    template <typename DoChunk>
    void each_chunk(int worker, const DoChunk& do_chunk) {
        const auto step = static_cast<std::size_t>(threads());
        for (auto number = static_cast<std::size_t>(worker); number + 1 < before_.size(); number += step) {
            const std::size_t begin = number * chunk_;
            do_chunk(number, Share{.begin = begin, .end = std::min(begin + chunk_, count())});
        }
    }

    void work(int worker) {
        const std::uint32_t* const integers = integers_.as<std::uint32_t>().data();
        std::uint64_t* const sums = sums_.as<std::uint64_t>().data();
        each_chunk(worker, [&](std::size_t number, Share chunk) {
            const std::size_t length = chunk.end - chunk.begin;
            const std::uint64_t own = sum_of_(integers + chunk.begin, length);
            const std::uint64_t before = wait_for(before_[number]);
            before_[number + 1].store(before + own, std::memory_order_relaxed);
            scan_(integers + chunk.begin, sums + chunk.begin, length, before);
        });
    }

    /// The sum carries all that is told, so its order with other accesses does not matter.
    static std::uint64_t wait_for(const std::atomic<std::uint64_t>& sum) {
        constexpr int spins = 10'000;
        for (int i = 0;; ++i) {
            const std::uint64_t seen = sum.load(std::memory_order_relaxed);
            if (seen != not_known) return seen;
            if (i < spins) {
                __builtin_ia32_pause();
            } else {
                std::this_thread::yield();  // the CPU of who is waited for may be taken by another process
            }
        }
    }

    void spoil(Share chunk) {
        const std::span<std::uint64_t> sums = sums_.as<std::uint64_t>();
        for (std::size_t i = chunk.begin; i < chunk.end; ++i) sums[i] = not_known;
    }
    void spoil_results() override {
        run([this](int worker) { each_chunk(worker, [this](std::size_t, Share chunk) { spoil(chunk); }); });
    }

    Buffer integers_;
    Buffer sums_;
    const IntegerInputs inputs_;
    const SumLoop sum_of_;
    const ScanLoop scan_;
    const std::size_t chunk_;
    std::vector<std::atomic<std::uint64_t>> before_;  // the sum of all chunks before each, and the total
    const std::function<void(int)> work_;
};

}  // namespace

PreparedCase prepare_scan(const Parameters& parameters, const InstanceContext& context) {
    const CpuFeatures cpu = detect_cpu();
    PASSBENCH_TRY(const Target target, resolve_target(parameters, context.pool.size(), cpu, memory_isa(cpu)));
    const std::int64_t size_bytes = integer_of(parameters, "bytes");
    const std::int64_t sums_bytes = 2 * size_bytes;
    PASSBENCH_CHECK(require_memory(size_bytes + sums_bytes, available_memory_bytes()));
    PASSBENCH_TRY(Buffer integers, Buffer::allocate(static_cast<std::size_t>(size_bytes)));
    PASSBENCH_TRY(Buffer sums, Buffer::allocate(static_cast<std::size_t>(sums_bytes)));
    return std::make_unique<ScanInstance>(context, target, stores_of(word_of(parameters, "stores")),
                                          std::move(integers), std::move(sums));
}

}  // namespace passbench

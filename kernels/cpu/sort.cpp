// sort: radix sort of 32-bit keys. The workers count the parts of their shares, move their keys to them, and then take whole parts,
// one after the other, and sort them within their caches.
#include <atomic>
#include <utility>
#include <vector>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/pooled_instance.hpp"
#include "kernels/cpu/radix.hpp"
#include "kernels/cpu/sort_inputs.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t keys_a_line = 16;

/// The input, which is kept, the result, and what a sort needs beside it.
struct SortBuffers {
    Buffer keys;
    Buffer sorted;
    Buffer other;
};

class SortInstance final : public PooledInstance {
public:
    SortInstance(const InstanceContext& context, int threads, Stores stores, SortBuffers buffers)
        : PooledInstance(context.pool, threads, plain_code),
          buffers_(std::move(buffers)),
          inputs_(context.seed, sorted().size()),
          radix_(radix_sort_of(sorted().size())),
          stores_(stores),
          places_(static_cast<std::size_t>(threads) * radix_.parts),
          part_begin_(radix_.parts + 1),
          count_([this](int worker) { radix_.count(keys_of(worker), places_of(worker)); }),
          divide_([this](int worker) {
              const std::span<std::uint32_t> to = radix_.parts_begin_in_other ? other() : sorted();
              radix_.divide(keys_of(worker), to.data(), places_of(worker), stores_);
          }),
          sort_parts_([this](int) { sort_parts(); }) {
        run([this](int worker) {
            inputs_.fill(buffers_.keys.as<std::uint32_t>(), share(worker));
            spoil(sorted(), worker);
            spoil(other(), worker);
        });
    }

    void iterate() override {
        run(count_);
        make_places();
        run(divide_);
        next_part_.store(0, std::memory_order_relaxed);
        run(sort_parts_);
    }
    [[nodiscard]] Result<void> check_results() const override { return inputs_.check(pool(), threads(), sorted()); }
    [[nodiscard]] std::span<std::byte> results() override { return buffers_.sorted.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    [[nodiscard]] std::span<std::uint32_t> sorted() const { return buffers_.sorted.as<std::uint32_t>(); }
    [[nodiscard]] std::span<std::uint32_t> other() const { return buffers_.other.as<std::uint32_t>(); }
    [[nodiscard]] Share share(int worker) const { return share_of(sorted().size(), worker, threads(), keys_a_line); }
    [[nodiscard]] std::span<const std::uint32_t> keys_of(int worker) const {
        const auto [begin, end] = share(worker);
        return buffers_.keys.as<std::uint32_t>().subspan(begin, end - begin);
    }
    [[nodiscard]] std::uint32_t* places_of(int worker) {
        return places_.data() + static_cast<std::size_t>(worker) * radix_.parts;
    }

    /// From counts to places: the keys of a part stand together, in it those of the first worker come first.
    void make_places() {
        std::uint32_t before = 0;
        for (std::size_t part = 0; part < radix_.parts; ++part) {
            part_begin_[part] = before;
            for (std::size_t at = part; at < places_.size(); at += radix_.parts) {
                before += std::exchange(places_[at], before);
            }
        }
        part_begin_.back() = before;
    }

    void sort_parts() {
        for (std::size_t part = 0; (part = next_part_.fetch_add(1, std::memory_order_relaxed)) < radix_.parts;) {
            const std::size_t begin = part_begin_[part];
            const std::size_t size = part_begin_[part + 1] - begin;
            radix_.sort_part(other().subspan(begin, size), sorted().subspan(begin, size));
        }
    }

    void spoil(std::span<std::uint32_t> keys, int worker) const {
        const auto [begin, end] = share(worker);
        for (std::size_t i = begin; i < end; ++i) keys[i] = ~std::uint32_t{0} - static_cast<std::uint32_t>(i);
    }
    void spoil_results() override {
        run([this](int worker) {
            spoil(sorted(), worker);
            spoil(other(), worker);
        });
    }

    SortBuffers buffers_;
    const SortInputs inputs_;
    const RadixSort& radix_;
    const Stores stores_;
    std::vector<std::uint32_t> places_;  // of each worker
    std::vector<std::uint32_t> part_begin_;
    std::atomic<std::size_t> next_part_ = 0;
    const std::function<void(int)> count_;
    const std::function<void(int)> divide_;
    const std::function<void(int)> sort_parts_;
};

}  // namespace

PreparedCase prepare_sort(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    constexpr std::size_t arrays = 3;
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(arrays * size_bytes), available_memory_bytes()));
    SortBuffers buffers;
    PASSBENCH_TRY(buffers.keys, Buffer::allocate(size_bytes));
    PASSBENCH_TRY(buffers.sorted, Buffer::allocate(size_bytes));
    PASSBENCH_TRY(buffers.other, Buffer::allocate(size_bytes));
    return std::make_unique<SortInstance>(context, threads, stores_of(word_of(parameters, "stores")),
                                          std::move(buffers));
}

}  // namespace passbench

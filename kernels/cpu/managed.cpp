// managed: what a page costs that the processor touches for the first time: the fault, and the zeros that the kernel writes to it.
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/first_wrong.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/host_memory.hpp"
#include "kernels/cpu/managed_inputs.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t words_a_page = page_bytes / sizeof(std::uint64_t);

class ManagedInstance final : public WorkloadInstance {
public:
    ManagedInstance(ThreadPool& pool, int threads, Buffer memory, std::uint64_t seed)
        : pool_(pool), threads_(threads), memory_(std::move(memory)), inputs_(seed), touch_([this](int worker) {
              touch(worker);
          }) {}

    /// Gives all pages back, then touches each at its first word and at its last.
    void iterate() override {
        gave_back_ = take_pages_back(memory_.bytes().data(), memory_.bytes().size());
        pool_.run(threads_, touch_);
    }
    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(words().size()); }
    [[nodiscard]] int threads() const override { return threads_; }
    [[nodiscard]] std::string isa() const override { return "x86-64"; }

    [[nodiscard]] Result<void> verify() override {
        for (std::uint64_t& word : words()) word = ~std::uint64_t{0};
        iterate();
        return check_results();
    }

    [[nodiscard]] Result<void> check_results() const override {
        if (!gave_back_) {
            return fail({.code = ErrorCode::unsupported,
                         .what = "managed: the system does not take pages back",
                         .fix = "Run it where memory is not locked."});
        }
        const std::span<const std::uint64_t> found = words();
        const auto wrong =
            first_wrong(pool_, threads_, found.size(), [&](std::size_t i) { return found[i] != expected(i); });
        if (!wrong) return {};
        return fail({.code = ErrorCode::verify_failed,
                     .what = fmt::format("managed: word {} of {} is {:#x} where {:#x} is right", *wrong, found.size(),
                                         found[*wrong], expected(*wrong)),
                     .fix = wrong_result_fix});
    }

    [[nodiscard]] std::span<std::byte> results() override { return memory_.bytes(); }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }
    [[nodiscard]] Facts facts() const override { return page_facts(memory_); }

private:
    [[nodiscard]] std::span<std::uint64_t> words() const { return memory_.as<std::uint64_t>(); }

    [[nodiscard]] bool is_touched(std::size_t i) const {
        return i % words_a_page == 0 || (i + 1) % words_a_page == 0 || i + 1 == words().size();
    }
    [[nodiscard]] std::uint64_t expected(std::size_t i) const { return is_touched(i) ? inputs_.start(i) : 0; }

    void touch(int worker) {
        const std::span<std::uint64_t> all = words();
        const auto [begin, end] = share_of(all.size(), worker, threads_, words_a_page);
        for (std::size_t page = begin; page < end; page += words_a_page) {
            const std::size_t last = std::min(page + words_a_page, end) - 1;
            all[page] = inputs_.start(page);
            all[last] = inputs_.start(last);
        }
    }

    ThreadPool& pool_;
    const int threads_;
    Buffer memory_;
    const ManagedInputs inputs_;
    const std::function<void(int)> touch_;
    bool gave_back_ = true;
};

/// Sizes are given, or a share of what is available.
std::size_t bytes_of(const Parameters& parameters) {
    const Value& wanted = parameters.find("bytes")->second;
    if (const auto* bytes = std::get_if<std::int64_t>(&wanted)) return static_cast<std::size_t>(*bytes);
    constexpr std::int64_t percent = 100;
    const std::int64_t share = available_memory_bytes().value_or(0) / percent * integer_of(parameters, "share");
    return std::max(page_bytes, static_cast<std::size_t>(share) / page_bytes * page_bytes);
}

}  // namespace

PreparedCase prepare_managed(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    const std::size_t bytes = bytes_of(parameters);
    PASSBENCH_CHECK(require_memory(static_cast<std::int64_t>(bytes), available_memory_bytes()));
    const bool is_huge = word_of(parameters, "pages") == "huge";
    PASSBENCH_TRY(Buffer memory, Buffer::allocate(bytes, is_huge ? Pages::huge : Pages::small));
    return std::make_unique<ManagedInstance>(context.pool, threads, std::move(memory), context.seed);
}

}  // namespace passbench

// host-chase: dependent loads through a chain in the processor's own memory.
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "kernels/cpu/chain_inputs.hpp"
#include "kernels/cpu/chase_position.hpp"
#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/host_memory.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

// 0.1 ms in the first cache, some ms in memory.
constexpr std::uint64_t usual_hops = 1 << 16;

class HostChaseInstance final : public WorkloadInstance {
public:
    HostChaseInstance(const ChainInputs& chain, Buffer memory)
        : chain_(chain), memory_(std::move(memory)), hops_(chain.never_whole_rounds(usual_hops)) {
        begin_anew();
    }

    void iterate() override {
        const std::byte* at = at_;
        for (std::uint64_t hop = 0; hop < hops_; ++hop) at = *reinterpret_cast<const std::byte* const*>(at);
        at_ = at;
        walked_ += hops_;
    }
    [[nodiscard]] std::int64_t ops() const override { return static_cast<std::int64_t>(hops_); }
    [[nodiscard]] int threads() const override { return 1; }
    [[nodiscard]] std::string isa() const override { return "x86-64"; }

    [[nodiscard]] Result<void> verify() override {
        begin_anew();
        iterate();
        PASSBENCH_CHECK(fetch_results());
        return check_results();
    }
    [[nodiscard]] Result<void> fetch_results() override {
        position_ = {.seen = static_cast<std::uint64_t>(at_ - memory_.bytes().data()),
                     .expected = chain_.offset_after(walked_)};
        return {};
    }
    [[nodiscard]] Result<void> check_results() const override { return position_.check(); }
    [[nodiscard]] std::span<std::byte> results() override {
        return std::as_writable_bytes(std::span(&position_.seen, 1));
    }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }
    [[nodiscard]] Facts facts() const override { return page_facts(memory_); }

private:
    void begin_anew() {
        walked_ = 0;
        at_ = memory_.bytes().data() + chain_.offset_after(0);
        position_ = {};
    }

    const ChainInputs chain_;
    const Buffer memory_;
    const std::uint64_t hops_;
    const std::byte* at_ = nullptr;
    std::uint64_t walked_ = 0;
    ChasePosition position_;
};

}  // namespace

PreparedCase prepare_host_chase(const Parameters& parameters, const InstanceContext& context) {
    const auto size_bytes = static_cast<std::size_t>(integer_of(parameters, "bytes"));
    const ChainInputs chain(context.seed, size_bytes / chain_node_bytes);
    ThreadPool& pool = context.pool;
    PASSBENCH_TRY(Buffer memory, allocate_with_pages(size_bytes, word_of(parameters, "pages"), [&](auto bytes) {
                      const auto address = reinterpret_cast<std::uint64_t>(bytes.data());
                      pool.run(pool.size(), [&](int worker) {
                          chain.fill(bytes, address, share_of(chain.nodes(), worker, pool.size()));
                      });
                  }));
    return std::make_unique<HostChaseInstance>(chain, std::move(memory));
}

}  // namespace passbench

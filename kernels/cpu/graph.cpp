// graph: the nodes as tasks of the harness's threads. Whoever runs a node counts down those that wait for it; the first that
// becomes ready it runs itself, the others go into a queue from which the threads take tickets. Nothing locks.
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "kernels/cpu/forms.hpp"
#include "kernels/cpu/graph_trace.hpp"
#include "kernels/cpu/target.hpp"

namespace passbench {

namespace {

constexpr std::size_t line_bytes = 64;

class GraphInstance final : public WorkloadInstance {
public:
    GraphInstance(ThreadPool& pool, int threads, GraphShape shape, std::uint32_t nodes)
        : pool_(pool),
          threads_(threads),
          trace_(shape, nodes),
          after_(nodes),
          waits_for_(nodes, 0),
          waiting_(std::make_unique<std::atomic<std::uint32_t>[]>(nodes)),
          ready_(std::make_unique<std::atomic<std::uint32_t>[]>(nodes)),
          work_([this](int) { work(); }) {
        for (std::uint32_t node = 0; node < nodes; ++node) {
            for (const std::uint32_t before : nodes_before(shape, node, nodes)) {
                after_[before].push_back(node);
                ++waits_for_[node];
            }
        }
    }

    void iterate() override {
        arm();
        pool_.run(threads_, work_);
        ++launches_;
    }
    [[nodiscard]] std::int64_t ops() const override { return 1; }
    [[nodiscard]] int threads() const override { return threads_; }
    [[nodiscard]] std::string isa() const override { return "x86-64"; }

    [[nodiscard]] Result<void> verify() override {
        trace_.spoil();
        launches_ = 0;
        iterate();
        return check_results();
    }
    [[nodiscard]] Result<void> check_results() const override { return trace_.check(launches_); }
    [[nodiscard]] std::span<std::byte> results() override { return trace_.bytes(); }
    [[nodiscard]] ResultLayout result_layout() const override { return {.element_bytes = sizeof(std::uint32_t)}; }
    [[nodiscard]] Result<std::optional<InstanceLimit>> limit() override { return std::nullopt; }

private:
    static constexpr std::uint32_t nobody = ~std::uint32_t{0};

    /// What a launch begins with: the first node is ready, all others wait for what is before them.
    void arm() {
        for (std::uint32_t node = 0; node < trace_.nodes(); ++node) {
            waiting_[node].store(waits_for_[node], std::memory_order_relaxed);
            ready_[node].store(nobody, std::memory_order_relaxed);
        }
        ready_[0].store(0, std::memory_order_relaxed);
        tickets_.store(0, std::memory_order_relaxed);
        queued_.store(1, std::memory_order_relaxed);
        is_done_.store(false, std::memory_order_relaxed);
        begun_with_ = *trace_.nodes_run();
    }

    void work() {
        while (true) {
            const std::uint32_t ticket = tickets_.fetch_add(1, std::memory_order_relaxed);
            if (ticket >= trace_.nodes()) return;
            for (std::uint32_t node = wait_for(ticket); node != nobody; node = run(node)) {
            }
            if (is_done_.load(std::memory_order_acquire)) return;
        }
    }

    /// The node that this ticket stands for, or nobody once the last one has run.
    std::uint32_t wait_for(std::uint32_t ticket) {
        constexpr int polls_before_yield = 4096;
        for (int poll = 1;; ++poll) {
            const std::uint32_t node = ready_[ticket].load(std::memory_order_acquire);
            if (node != nobody || is_done_.load(std::memory_order_acquire)) return node;
            __builtin_ia32_pause();
            if (poll % polls_before_yield == 0) std::this_thread::yield();  // its CPU may be what the others wait for
        }
    }

    /// Returns the node to run next on this thread, or nobody.
    std::uint32_t run(std::uint32_t node) {
        const std::uint64_t place = std::atomic_ref(*trace_.nodes_run()).fetch_add(1, std::memory_order_relaxed);
        trace_.order()[place - begun_with_] = node;
        if (node + 1 == trace_.nodes()) {
            is_done_.store(true, std::memory_order_release);
            return nobody;
        }
        std::uint32_t next = nobody;
        for (const std::uint32_t after : after_[node]) {
            if (waiting_[after].fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
            if (next == nobody) {
                next = after;
            } else {
                ready_[queued_.fetch_add(1, std::memory_order_relaxed)].store(after, std::memory_order_release);
            }
        }
        return next;
    }

    ThreadPool& pool_;
    const int threads_;
    GraphTrace trace_;
    std::vector<std::vector<std::uint32_t>> after_;  // the nodes that wait for each
    std::vector<std::uint32_t> waits_for_;           // how many each waits for
    const std::unique_ptr<std::atomic<std::uint32_t>[]> waiting_;
    const std::unique_ptr<std::atomic<std::uint32_t>[]> ready_;  // by ticket
    std::uint64_t begun_with_ = 0;
    std::uint64_t launches_ = 0;
    const std::function<void(int)> work_;
    alignas(line_bytes) std::atomic<std::uint32_t> tickets_ = 0;
    alignas(line_bytes) std::atomic<std::uint32_t> queued_ = 0;
    alignas(line_bytes) std::atomic<bool> is_done_ = false;
};

}  // namespace

PreparedCase prepare_graph(const Parameters& parameters, const InstanceContext& context) {
    PASSBENCH_TRY(const int threads, resolve_threads(parameters, context.pool.size()));
    return std::make_unique<GraphInstance>(context.pool, threads, graph_shape_of(word_of(parameters, "shape")),
                                           static_cast<std::uint32_t>(integer_of(parameters, "nodes")));
}

}  // namespace passbench

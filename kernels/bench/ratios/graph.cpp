// graph beside a pool of threads with one locked queue of functions, as it is mostly written.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "harness/core/units.hpp"
#include "kernels/bench/ratios/ratios.hpp"
#include "kernels/cpu/graph_trace.hpp"

namespace passbench {

namespace {

class LockedPool {
public:
    explicit LockedPool(int threads) {
        for (int i = 0; i < threads; ++i) threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }
    void push(std::function<void()> task) {
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
        }
        filled_.notify_one();
    }

private:
    void serve(const std::stop_token& stop) {
        while (true) {
            std::unique_lock lock(mutex_);
            if (!filled_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
            const std::function<void()> task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any filled_;
    std::deque<std::function<void()>> tasks_;
    std::vector<std::jthread> threads_;
};

/// The graph as tasks of a locked pool; a launch returns when the last node has run.
class LockedGraph {
public:
    LockedGraph(LockedPool& pool, GraphShape shape, std::uint32_t nodes)
        : pool_(pool), after_(nodes), waits_for_(nodes, 0), waiting_(nodes), trace_(nodes) {
        for (std::uint32_t node = 0; node < nodes; ++node) {
            for (const std::uint32_t before : nodes_before(shape, node, nodes)) {
                after_[before].push_back(node);
                ++waits_for_[node];
            }
        }
    }
    void launch() {
        waiting_ = waits_for_;
        ran_ = 0;
        pool_.push([this] { run(0); });
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return ran_ == trace_.size(); });
    }

private:
    void run(std::uint32_t node) {
        std::vector<std::uint32_t> ready;
        {
            const std::lock_guard lock(mutex_);
            trace_[ran_++] = node;
            for (const std::uint32_t after : after_[node]) {
                if (--waiting_[after] == 0) ready.push_back(after);
            }
            if (ran_ == trace_.size()) done_.notify_one();
        }
        for (const std::uint32_t next : ready) pool_.push([this, next] { run(next); });
    }

    LockedPool& pool_;
    std::vector<std::vector<std::uint32_t>> after_;
    std::vector<std::uint32_t> waits_for_;
    std::vector<std::uint32_t> waiting_;
    std::vector<std::uint32_t> trace_;
    std::size_t ran_ = 0;
    std::mutex mutex_;
    std::condition_variable done_;
};

}  // namespace

Result<void> compare_graphs(ThreadPool& pool, RatioReport& report) {
    constexpr std::int64_t nodes = 64;
    LockedPool locked(pool.size());
    for (const char* shape : {"chain", "fan"}) {
        PASSBENCH_TRY(const auto instance, prepare_verified("graph", {{"nodes", nodes}, {"shape", shape}}, pool));
        LockedGraph graph(locked, graph_shape_of(shape), nodes);
        const std::vector<Way> ways = {{"locked queue of functions", [&] { graph.launch(); }},
                                       {"graph", [&] { instance->iterate(); }}};
        const std::vector<TimedWay> timed = time_in_turns(ways, 3 * ratio_rounds);
        report.title(fmt::format("a {} of {} nodes, {} thread(s)", shape, nodes, pool.size()));
        for (const TimedWay& way : timed) {
            report.line(fmt::format("{:<28} {:>12}", way.name, format_value(median_ns(way), "ns")));
        }
        report.add(
            {.workload = "graph",
             .what = fmt::format("{} of {} nodes, {} thread(s): graph / locked queue", shape, nodes, pool.size()),
             .value = median_speed(timed[1], timed[0]),
             .at_least = std::nullopt});
    }
    return {};
}

}  // namespace passbench

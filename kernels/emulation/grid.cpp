#include "kernels/emulation/grid.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "kernels/emulation/sanitizers.hpp"
#include "kernels/emulation/signals.hpp"

namespace passbench::emulation {

namespace {

/// Runners with their fibers are kept: making a few hundred stacks costs more than most kernels.
class RunnerShelf {
public:
    std::unique_ptr<BlockRunner> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!runners_.empty()) {
                auto runner = std::move(runners_.back());
                runners_.pop_back();
                return runner;
            }
        }
        return std::make_unique<BlockRunner>();
    }
    void put_back(std::unique_ptr<BlockRunner> runner) {
        const std::lock_guard lock(mutex_);
        runners_.push_back(std::move(runner));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<BlockRunner>> runners_;
};

class GridJob {
public:
    explicit GridJob(const GridLaunch& launch)
        : launch_(launch), blocks_(std::uint64_t{launch.grid.x} * launch.grid.y * launch.grid.z) {}

    [[nodiscard]] std::uint64_t blocks() const { return blocks_; }

    /// Takes block after block until none is left.
    void work(RunnerShelf& shelf) {
        prepare_thread_for_signals();
        auto runner = shelf.take();
        std::int64_t end_ns = 0;
        for (;;) {
            const std::uint64_t number = next_.fetch_add(1, std::memory_order_relaxed);
            if (number >= blocks_) break;
            end_ns = std::max(end_ns, run_block(*runner, number, nullptr).end_ns);
        }
        shelf.put_back(std::move(runner));
        ended_at(end_ns);
    }

    /// One block of a cooperative launch.
    void work_together(std::uint64_t number, GridBarrier& barrier) {
        prepare_thread_for_signals();
        // Not from the shelf: dozens of runners would be kept, each with the stacks of the largest block that it ever ran.
        BlockRunner runner;
        const auto [end_ns, failed] = run_block(runner, number, &barrier);
        barrier.leave(number, failed);
        ended_at(end_ns);
    }

    [[nodiscard]] GridOutcome take_outcome() {
        const std::lock_guard lock(mutex_);
        return std::move(outcome_);
    }

private:
    [[nodiscard]] BlockLaunch block_launch(std::uint64_t number) const {
        const std::uint64_t row = number / launch_.grid.x;
        return {.kernel = launch_.kernel,
                .parameters = launch_.parameters,
                .place = {.index = {static_cast<unsigned>(number % launch_.grid.x),
                                    static_cast<unsigned>(row % launch_.grid.y),
                                    static_cast<unsigned>(row / launch_.grid.y)},
                          .block_dim = launch_.block,
                          .grid_dim = launch_.grid,
                          .linear = number,
                          .dynamic_shared = nullptr,
                          .begin_ns = launch_.begin_ns + std::llround(static_cast<double>(number) * launch_.block_ns)},
                .dynamic_shared_bytes = launch_.dynamic_shared_bytes,
                .grid_barrier = nullptr};
    }

    struct BlockEnd {
        std::int64_t end_ns;
        bool failed;
    };
    BlockEnd run_block(BlockRunner& runner, std::uint64_t number, GridBarrier* barrier) {
        BlockLaunch block = block_launch(number);
        block.grid_barrier = barrier;
        BlockOutcome outcome = runner.run(block);
        const bool failed = outcome.failure.has_value();
        if (failed && !outcome.failure->of_another_block) fail(*std::move(outcome.failure));
        return {.end_ns = block.place.begin_ns + outcome.elapsed_ns, .failed = failed};
    }

    void ended_at(std::int64_t end_ns) {
        const std::lock_guard lock(mutex_);
        outcome_.end_ns = std::max(outcome_.end_ns, end_ns);
    }

    void fail(KernelFailure failure) {
        next_.store(blocks_, std::memory_order_relaxed);
        const std::lock_guard lock(mutex_);
        if (!outcome_.failure || failure.block < outcome_.failure->block) outcome_.failure = std::move(failure);
    }

    const GridLaunch launch_;
    const std::uint64_t blocks_;
    std::atomic<std::uint64_t> next_ = 0;
    std::mutex mutex_;
    GridOutcome outcome_;
};

class Helpers {
public:
    Helpers() {
        // With who launches one a CPU. Even on one CPU another one: races between blocks show only where two threads run them.
        const unsigned count = std::max(2U, std::thread::hardware_concurrency()) - 1;
        for (unsigned i = 0; i < count; ++i) {
            threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
        }
    }

    /// Helps with the job while it has blocks; `done` afterwards waits for those who still work on it.
    void offer(GridJob& job) {
        {
            const std::lock_guard lock(mutex_);
            jobs_.push_back({.job = &job, .helpers = 0});
        }
        changed_.notify_all();
    }

    void done(GridJob& job) {
        std::unique_lock lock(mutex_);
        const auto offered = find(job);
        offered->closed = true;
        changed_.wait(lock, [&] { return find(job)->helpers == 0; });
        jobs_.erase(find(job));
    }

    RunnerShelf& shelf() { return shelf_; }

private:
    struct Offer {
        GridJob* job;
        int helpers;
        bool closed = false;
    };

    [[nodiscard]] std::deque<Offer>::iterator find(const GridJob& job) {
        return std::find_if(jobs_.begin(), jobs_.end(), [&](const Offer& offer) { return offer.job == &job; });
    }

    void serve(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        const auto open = [this] {
            return std::find_if(jobs_.begin(), jobs_.end(), [](const Offer& offer) { return !offer.closed; });
        };
        while (changed_.wait(lock, stop, [&] { return open() != jobs_.end(); })) {
            GridJob& job = *open()->job;
            ++open()->helpers;
            lock.unlock();
            job.work(shelf_);
            lock.lock();
            find(job)->closed = true;  // no block is left
            --find(job)->helpers;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Offer> jobs_;
    RunnerShelf shelf_;
    std::vector<std::jthread> threads_;
};

/// Never destroyed: streams may still run kernels while the process ends.
Helpers& helpers() {
    static Helpers* const instance = new Helpers;
    return *instance;
}

/// Fewer are done before a helper has woken up. Races between blocks show only where two threads run them.
constexpr std::uint64_t least_threads_for_help = thread_sanitizer ? 0 : 4096;

/// Blocks that wait for each other have a thread of the machine each; what the device holds at a time keeps them few.
/// noexcept: where a thread cannot be started the others would wait for its block for ever.
void run_together(GridJob& job) noexcept {
    GridBarrier barrier(job.blocks());
    std::vector<std::jthread> others;
    for (std::uint64_t number = 1; number < job.blocks(); ++number) {
        others.emplace_back([&job, &barrier, number] { job.work_together(number, barrier); });
    }
    job.work_together(0, barrier);
    others.clear();  // waits for them
}

}  // namespace

GridOutcome run_grid(const GridLaunch& launch) {
    install_signal_handlers();
    GridJob job(launch);
    if (launch.cooperative) {
        run_together(job);
        return job.take_outcome();
    }
    const std::uint64_t threads = job.blocks() * launch.block.x * launch.block.y * launch.block.z;
    const bool with_help = job.blocks() > 1 && threads >= least_threads_for_help;
    if (with_help) helpers().offer(job);
    job.work(helpers().shelf());
    if (with_help) helpers().done(job);
    return job.take_outcome();
}

}  // namespace passbench::emulation

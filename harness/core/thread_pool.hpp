// The one pool of threads of a process (design.md section 11: no OpenMP in our code). Work is handed to all threads at
// once and returns when all are done; the calling thread is worker 0. Not a task queue.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace passbench {

class ThreadPool {
public:
    /// `cpus` are the logical CPUs to pin one thread each to; worker 0, the caller, is pinned too. Empty is not allowed.
    explicit ThreadPool(std::vector<int> cpus);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    ~ThreadPool();

    [[nodiscard]] int size() const;
    /// Runs `work(worker)` on every worker and returns when all have returned; waits by spinning shortly, then sleeping.
    void run(const std::function<void(int worker)>& work);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The half-open share of [0, count) that `worker` of `workers` takes; shares differ by at most `grain` and start at
/// multiples of `grain`.
struct Share {
    std::size_t begin;
    std::size_t end;
};
[[nodiscard]] Share share_of(std::size_t count, int worker, int workers, std::size_t grain = 1);

/// The logical CPUs that this process may use, ascending (its affinity mask).
[[nodiscard]] std::vector<int> usable_cpus();

}  // namespace passbench

// The one pool of threads of a process (design.md section 11: no OpenMP in our code). Work is handed to its threads at once
// and returns when all are done; the calling thread is worker 0. Not a task queue, and not for work that blocks.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace passbench {

class ThreadPool {
public:
    /// `cpus` are the logical CPUs to pin one thread each to; worker 0, the caller, is pinned too. Empty is not allowed.
    explicit ThreadPool(std::vector<int> cpus);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    /// Ends the threads and gives the caller the CPUs back that it had; to be called by the thread that made the pool.
    ~ThreadPool();

    [[nodiscard]] int size() const;
    /// The CPUs of the workers, in their order.
    [[nodiscard]] const std::vector<int>& cpus() const;
    /// Whether the system let every worker be pinned.
    [[nodiscard]] bool pinned() const;

    /// Runs `work(worker)` on every worker and returns when all have returned; waits by spinning shortly, then sleeping.
    /// `work` must not throw and must not call run().
    void run(const std::function<void(int worker)>& work);
    /// The same on the first `workers` of them alone, 1 to size(); one worker is the caller itself, without any handing over.
    void run(int workers, const std::function<void(int worker)>& work);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// While it lives the calling thread may run on all of these CPUs, and so may the threads that a library starts meanwhile: they
/// inherit it. Else they would all share the one CPU that a pool has pinned the caller to. For the thread that made it.
class MayRunOn {
public:
    explicit MayRunOn(std::span<const int> cpus);
    MayRunOn(const MayRunOn&) = delete;
    MayRunOn& operator=(const MayRunOn&) = delete;
    /// The caller has the CPUs again that it had.
    ~MayRunOn();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The half-open share of [0, count) that `worker` of `workers` takes; shares differ by at most `grain` and start at
/// multiples of `grain`.
struct Share {
    std::size_t begin;
    std::size_t end;
    bool operator==(const Share&) const = default;
};
[[nodiscard]] Share share_of(std::size_t count, int worker, int workers, std::size_t grain = 1);

/// The logical CPUs that the calling thread may use, ascending (its affinity mask): of the process, before a pool is made.
[[nodiscard]] std::vector<int> usable_cpus();

}  // namespace passbench

// A stream: its operations run one after another, on the thread that waits for them, or on one of the stream's own where nobody
// waits: handing an operation over and back would take ten times as long as a small kernel. The times of operations are worked
// out where they run, from what was fixed when they were enqueued, so they do not depend on which threads ran, and when.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/emulation/graph_state.hpp"
#include "kernels/emulation/work.hpp"

namespace passbench::emulation {

class Stream;

/// That an operation of a stream has ended, and when in virtual time.
class Completion {
public:
    explicit Completion(std::weak_ptr<Stream> stream) : stream_(std::move(stream)) {}
    void finish(std::int64_t end_ns);
    /// Does the stream's work up to the operation, or waits until others have; returns the end.
    std::int64_t wait();
    [[nodiscard]] bool is_done() const;
    /// Waits a while of real time, so that a question about virtual time has the same answer on slow machines; not for an
    /// operation that itself waits for the host. Whether it has ended.
    bool wait_a_while();
    [[nodiscard]] std::int64_t end_ns() const;  // once it has ended

private:
    friend class HostWait;
    enum class Awaits : std::uint8_t { nothing, the_host };
    void set_awaits(Awaits awaits);

    const std::weak_ptr<Stream> stream_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    Awaits awaits_ = Awaits::nothing;
    std::int64_t end_ns_ = 0;
};

/// While it lives the operation that the calling thread runs waits for the host, which therefore must not wait for its end.
class HostWait {
public:
    HostWait();
    ~HostWait();
    HostWait(const HostWait&) = delete;
    HostWait& operator=(const HostWait&) = delete;

private:
    Completion* const completion_;
};

using CompletionPointer = std::shared_ptr<Completion>;

struct Operation {
    Work work;
    std::int64_t earliest_ns = 0;
    double host_factor = 1;
    double device_factor = 1;
    std::vector<CompletionPointer> after;
    CompletionPointer completion;
};

enum class StreamKind : std::uint8_t { legacy, blocking, non_blocking };

class Stream : public std::enable_shared_from_this<Stream> {
public:
    Stream(std::shared_ptr<Context> context, StreamKind kind, unsigned flags, int priority, std::uint64_t id);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void push(Operation operation);
    /// Runs operations on the calling thread until this one has ended, or another thread is at work.
    void work_until(const Completion& wanted);
    /// Somebody asks how far it is: the stream's own thread begins at once.
    void hurry();
    /// Of the newest operation; null before the first one.
    [[nodiscard]] CompletionPointer last() const;
    /// The thread ends when the queue is empty; nothing is pushed afterwards.
    void close();

    [[nodiscard]] StreamKind kind() const { return kind_; }
    [[nodiscard]] unsigned flags() const { return flags_; }
    [[nodiscard]] int priority() const { return priority_; }
    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] Context& context() const { return *context_; }

    std::optional<CapturePoint> capture;  // while a graph is captured; guarded by the context's order

private:
    void serve();
    /// Nothing is running; `lock` holds the mutex, but not while the operation runs.
    void run_next(std::unique_lock<std::mutex>& lock) noexcept;

    const std::shared_ptr<Context> context_;
    const StreamKind kind_;
    const unsigned flags_;
    const int priority_;
    const std::uint64_t id_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Operation> queue_;
    CompletionPointer last_;
    std::int64_t end_ns_ = 0;  // of the operation that ran last
    bool running_ = false;     // an operation, on some thread
    bool started_ = false;     // the stream's own thread
    bool asleep_ = false;      // that thread, until it is notified
    bool pushed_ = false;      // since that thread last looked
    bool closed_ = false;
};

}  // namespace passbench::emulation

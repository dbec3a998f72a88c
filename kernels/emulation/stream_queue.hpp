// A stream: its operations run one after another on a thread of its own. The times of operations are worked out where they
// run, from what was fixed when they were enqueued, so they do not depend on when the threads of the machine ran.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "kernels/emulation/graph_state.hpp"
#include "kernels/emulation/work.hpp"

namespace passbench::emulation {

/// That an operation has ended, and when in virtual time.
class Completion {
public:
    void finish(std::int64_t end_ns);
    /// Waits for as long as it takes; returns the end.
    std::int64_t wait();
    /// Waits a while of real time, so that a question about virtual time has the same answer on slow machines; whether it has ended.
    bool wait_a_while();
    [[nodiscard]] std::int64_t end_ns() const;  // once it has ended

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool done_ = false;
    std::int64_t end_ns_ = 0;
};

using CompletionPointer = std::shared_ptr<Completion>;

struct Operation {
    Work work;
    std::int64_t earliest_ns = 0;
    double host_factor = 1;
    double device_factor = 1;
    std::vector<CompletionPointer> after;
    CompletionPointer completion = std::make_shared<Completion>();
};

enum class StreamKind : std::uint8_t { legacy, blocking, non_blocking };

class Stream : public std::enable_shared_from_this<Stream> {
public:
    Stream(std::shared_ptr<Context> context, StreamKind kind, unsigned flags, int priority, std::uint64_t id);
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void push(Operation operation);
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

    const std::shared_ptr<Context> context_;
    const StreamKind kind_;
    const unsigned flags_;
    const int priority_;
    const std::uint64_t id_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Operation> queue_;
    CompletionPointer last_;
    bool started_ = false;
    bool closed_ = false;
};

}  // namespace passbench::emulation

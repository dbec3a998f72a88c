// A context: its streams, the order between them, and the error that makes everything after it fail. What a handle of the
// driver API points to; the entry points are in context.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <cuda.h>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/stream_queue.hpp"

namespace passbench::emulation {

class Context : public std::enable_shared_from_this<Context> {
public:
    Context(std::uint64_t id, unsigned flags, bool primary) : id_(id), flags_(flags), primary_(primary) {}
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    [[nodiscard]] CUcontext handle() { return reinterpret_cast<CUcontext>(this); }
    [[nodiscard]] std::uint64_t id() const { return id_; }
    [[nodiscard]] unsigned flags() const { return flags_; }
    void set_flags(unsigned flags) { flags_ = flags; }
    [[nodiscard]] bool primary() const { return primary_; }
    /// What waking up costs a host that waits as the flags say.
    [[nodiscard]] double wake_ns() const;

    /// The first error stays, as on a card: only destroying the context ends it.
    void fail(CUresult error);
    [[nodiscard]] CUresult error() const { return error_; }

    std::shared_ptr<Stream> create_stream(StreamKind kind, unsigned flags, int priority);
    void destroy_stream(const std::shared_ptr<Stream>& stream);
    /// The stream of 0 and CU_STREAM_LEGACY, or of CU_STREAM_PER_THREAD for the calling thread.
    std::shared_ptr<Stream> legacy_stream();
    std::shared_ptr<Stream> per_thread_stream();

    /// Hands work to a stream behind all that CUDA's rules put before it: what is in the stream, what the legacy stream and
    /// the blocking streams owe each other, and `after`. The host's time of now is when the call has been paid for.
    CompletionPointer enqueue(Stream& stream, Work work, std::vector<CompletionPointer> after = {});
    /// As enqueue, and the host waits until it has ended.
    void run(Stream& stream, Work work);

    /// What cuStreamSynchronize of this stream waits for.
    [[nodiscard]] std::vector<CompletionPointer> pending(Stream& stream);
    /// What cuCtxSynchronize waits for.
    [[nodiscard]] std::vector<CompletionPointer> pending();
    /// Waits for all of it, really and in virtual time.
    static void wait_for(const std::vector<CompletionPointer>& completions, double wake_ns = cost_model.wake_ns);

    /// Takes all streams out of this capture.
    void end_capture(const Capture& capture);
    [[nodiscard]] bool captures_blocking_stream();
    /// Whether calls that could wait are forbidden at the moment, because a stream is captured; such a call breaks the
    /// capture. Not in the relaxed mode.
    [[nodiscard]] bool forbids_waiting();

    /// Ends all streams; nothing may be enqueued afterwards.
    void close();

    std::recursive_mutex order;  // held where several streams are looked at together

private:
    std::shared_ptr<Stream> make_stream(StreamKind kind, unsigned flags, int priority);

    const std::uint64_t id_;
    std::atomic<unsigned> flags_;
    const bool primary_;
    std::atomic<CUresult> error_ = CUDA_SUCCESS;
    std::uint64_t next_stream_id_ = 1;
    std::vector<std::shared_ptr<Stream>> streams_;  // all, the legacy one too
    std::shared_ptr<Stream> legacy_;
    std::map<std::thread::id, std::shared_ptr<Stream>> per_thread_;
};

}  // namespace passbench::emulation

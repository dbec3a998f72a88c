// The signals that matter while a job runs, as something to wait for instead of handlers: the requests to stop (SIGTERM, SIGINT,
// SIGHUP) and the end of a child. Blocks them for the calling thread while it lives; make it before any thread starts.
#pragma once

#include <csignal>
#include <optional>
#include <string>

namespace passbench {

class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();

    /// Readable when one of the signals has come; for poll(2).
    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// Takes what has come without waiting; the first request to stop stays known.
    void take();
    [[nodiscard]] std::optional<int> stop_requested() const { return stop_; }
    /// The mask that a child has to start with.
    [[nodiscard]] const sigset_t& mask_before() const { return before_; }

private:
    sigset_t before_{};
    int descriptor_ = -1;
    std::optional<int> stop_;
};

/// "SIGSEGV", or "signal 63" for one without a name.
[[nodiscard]] std::string signal_name(int signal);

}  // namespace passbench

// The requests to stop a job, and the end of a child, as something to wait for instead of handlers: on Linux SIGTERM, SIGINT, SIGHUP and
// SIGCHLD, blocked for the calling thread while this lives; on Windows Ctrl-C, Ctrl-Break and the end of the session. Make it before any
// thread starts, and one at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace passbench {

class StopSignals {
public:
    StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();

    /// Takes what has come without waiting; the first request to stop stays known.
    void take();
    /// Its number; a name for it is signal_name().
    [[nodiscard]] std::optional<int> stop_requested() const { return stop_; }

    struct Native;
    /// For who starts and watches processes.
    [[nodiscard]] const Native& native() const { return *native_; }

private:
    std::unique_ptr<Native> native_;
    std::optional<int> stop_;
};

/// What a process died by, or what asked it to stop: "SIGSEGV", on Windows "an access violation"; "signal 63" for one without a name.
[[nodiscard]] std::string signal_name(int signal);

}  // namespace passbench

// What StopSignals is on Linux. For who starts and watches processes there.
#pragma once

#include <csignal>

#include "guest/agent/stop_signals.hpp"

namespace passbench {

struct StopSignals::Native {
    sigset_t before{};    // the mask that a child has to start with
    int descriptor = -1;  // readable when one of the signals has come; for poll(2)
};

}  // namespace passbench

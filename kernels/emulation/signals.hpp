// Signals that a kernel's mistake raises. The handlers look whether the faulting thread is inside of a CUDA thread; if so
// the launch fails, otherwise the handler that was there before gets the signal as if we were not here.
#pragma once

namespace passbench::emulation {

/// Once a process, before the first kernel.
void install_signal_handlers();

/// Gives the calling thread a stack for signal handlers: a fiber whose stack has overflowed has none.
void prepare_thread_for_signals();

}  // namespace passbench::emulation

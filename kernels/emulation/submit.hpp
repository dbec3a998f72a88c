// The way from an entry point to a stream, which everything that is enqueued takes.
#pragma once

#include <cuda.h>

#include "kernels/emulation/context_state.hpp"
#include "kernels/emulation/driver_state.hpp"

namespace passbench::emulation {

enum class Blocking : bool { no, yes };

/// Enqueues the work and, where the call blocks, waits for it and answers with the context's error.
[[nodiscard]] CUresult submit(Context& context, Stream& stream, Work work, Blocking blocking);
[[nodiscard]] CUresult submit_record(Context& context, Stream& stream, const std::shared_ptr<Event>& event);
[[nodiscard]] CUresult submit_wait(Context& context, Stream& stream, const Event& event);

/// Whether it has ended by the host's virtual time of now; what the query functions ask.
[[nodiscard]] bool has_ended(Completion& completion);

}  // namespace passbench::emulation

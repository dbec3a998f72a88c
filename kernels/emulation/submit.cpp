#include "kernels/emulation/submit.hpp"

#include <utility>

#include "kernels/emulation/virtual_clock.hpp"

namespace passbench::emulation {

CUresult submit(Context& context, Stream& stream, Work work, Blocking blocking) {
    const CompletionPointer completion = context.enqueue(stream, std::move(work));
    if (blocking == Blocking::no) return CUDA_SUCCESS;
    Context::wait_for({completion});
    return context.error();
}

CUresult submit_record(Context& context, Stream& stream, const std::shared_ptr<Event>& event) {
    event->record(context.enqueue(stream, EmptyWork{}));
    return CUDA_SUCCESS;
}

CUresult submit_wait(Context& context, Stream& stream, const Event& event) {
    // An event that was never recorded has nothing to wait for.
    if (const auto recorded = event.recorded()) context.enqueue(stream, EmptyWork{}, {recorded});
    return CUDA_SUCCESS;
}

bool has_ended(Completion& completion) {
    return completion.wait_a_while() && completion.end_ns() <= virtual_clock().now_ns();
}

}  // namespace passbench::emulation

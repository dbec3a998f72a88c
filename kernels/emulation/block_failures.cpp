// What a block's runner does when a CUDA thread cannot go on: signals that its accesses raise, and the words for the report.
#include <algorithm>
#include <sys/ucontext.h>
#include <utility>

#include "kernels/emulation/block_runner.hpp"
#include "kernels/emulation/sanitizers.hpp"

namespace passbench::emulation {

void BlockRunner::fail(std::string words) { stop(failure_at(current(), std::move(words))); }

void BlockRunner::stop(KernelFailure failure) {
    failure_ = std::move(failure);
    sanitizer_release(&exited_);
    announce_end(caller_);
    passbench_resume(caller_.suspended, 0);
}

KernelFailure BlockRunner::failure_at(const Thread& thread, std::string words) const {
    return {.block = launch_.place.linear,
            .block_index = launch_.place.index,
            .thread_index = thread.index,
            .address = std::nullopt,
            .instruction = std::nullopt,
            .words = std::move(words)};
}

KernelFailure BlockRunner::why_stuck() const {
    // Lanes that disagree hold up the barrier of the block too, so they are the cause where there are any.
    if (auto failure = why_warp_stuck()) return *std::move(failure);
    const Thread* first = nullptr;
    const Thread* other = nullptr;
    unsigned at_first = 0;
    for (unsigned i = 0; i < count_; ++i) {
        const Thread& thread = threads_[i];
        if (!thread.at_barrier()) continue;
        if (first == nullptr) first = &thread;
        if (thread.state == first->state && *thread.site == *first->site) {
            ++at_first;
        } else if (other == nullptr) {
            other = &thread;
        }
    }
    if (first == nullptr) return failure_at(threads_[0], "no thread of the block can go on");
    const std::string name = first->state == State::at_grid_barrier ? "grid sync" : "__syncthreads";
    std::string words = name + " at " + first->site->text() + " reached by " + std::to_string(at_first) + " of " +
                        std::to_string(count_) + " threads";
    if (other != nullptr) {
        words += "; thread " + std::to_string(other->linear) + " waits at " + other->site->text();
    } else {
        const auto* exited = std::find_if(threads_.begin(), threads_.begin() + count_,
                                          [](const Thread& thread) { return thread.state == State::exited; });
        words += "; thread " + std::to_string(exited - threads_.begin()) + " has exited";
    }
    return failure_at(*first, std::move(words));
}

bool BlockRunner::take_signal(int signal, const siginfo_t& info, void* machine_context) {
    auto& registers = static_cast<ucontext_t*>(machine_context)->uc_mcontext.gregs;
    if (running_.thread == nullptr || !current().fiber->on_stack(reinterpret_cast<void*>(registers[REG_RSP])))
        return false;
    signal_ = {.number = signal,
               .address = reinterpret_cast<std::uintptr_t>(info.si_addr),
               .instruction = static_cast<std::uintptr_t>(registers[REG_RIP])};
    // What the fiber was doing is given up, so its whole stack is free; it may even be the one that overflowed. As if by a
    // call, the stack pointer is 8 below a multiple of 16.
    current().fiber->abandon_frames();
    registers[REG_RIP] = reinterpret_cast<greg_t>(&land);
    registers[REG_RSP] = reinterpret_cast<greg_t>(current().fiber->stack_high() - 64 - 8);
    registers[REG_RDI] = reinterpret_cast<greg_t>(this);
    return true;
}

void BlockRunner::land(BlockRunner* runner) { runner->stop(runner->failure_of_signal()); }

KernelFailure BlockRunner::failure_of_signal() {
    const Signal signal = std::exchange(signal_, {});
    KernelFailure failure = failure_at(current(), "");
    failure.instruction = signal.instruction;
    if (signal.number == SIGFPE) {
        failure.words = "integer division by zero";
        return failure;
    }
    if (signal.number == SIGILL) {
        failure.words = "an instruction that this machine does not know, or a failed check of the compiler's";
        return failure;
    }
    const auto* address = reinterpret_cast<const std::byte*>(signal.address);
    if (current().fiber->on_stack(address)) {
        failure.words = "more than 64 KiB of local memory in one thread";
        return failure;
    }
    failure.address = signal.address;
    const auto* shared_end = shared_mapping_ + most_shared_bytes;
    if (address >= shared_end && address < shared_end + guard_bytes) {
        failure.words = "out-of-bounds access, " + std::to_string(address - shared_end) + " bytes past the " +
                        std::to_string(launch_.dynamic_shared_bytes) + " bytes of dynamic shared memory";
    }
    return failure;
}

}  // namespace passbench::emulation

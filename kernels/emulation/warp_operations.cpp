// Warp operations of a block's runner: lanes wait for each other, and the one that comes last does the work for all.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <utility>

#include "kernels/emulation/block_runner.hpp"
#include "kernels/emulation/sanitizers.hpp"

namespace passbench::emulation {

namespace {

constexpr unsigned all_lanes = ~0U;

const char* name_of(const WarpCall& call) {
    switch (call.operation) {
        case WarpOperation::sync:
            return "__syncwarp";
        case WarpOperation::shuffle:
            return "__shfl_sync";
        case WarpOperation::ballot:
            return "__ballot_sync";
        case WarpOperation::all:
            return "__all_sync";
        case WarpOperation::match_any:
            return "__match_any_sync";
        case WarpOperation::match_all:
            return "__match_all_sync";
        case WarpOperation::collective:
            return call.collective->name;
    }
    return "warp operation";
}

std::string hexadecimal(unsigned value) {
    char text[16];
    std::snprintf(text, sizeof text, "0x%08x", value);
    return text;
}

template <typename Work>
void each_lane(unsigned lanes, const Work& work) {
    for (; lanes != 0; lanes &= lanes - 1) work(static_cast<unsigned>(std::countr_zero(lanes)));
}

}  // namespace

std::uint64_t BlockRunner::exchange(const WarpCall& call, const CallSite& site) {
    Thread& self = current();
    const unsigned warp = self.device.linear / warp_threads;
    const unsigned lane = self.device.linear % warp_threads;
    if ((call.mask >> lane & 1U) == 0) {
        std::string words = std::string(name_of(call)) + " at " + site.text() + ": the mask " + hexadecimal(call.mask) +
                            " does not name the calling lane " + std::to_string(lane);
        fail(std::move(words), std::nullopt);
    }
    self.site = site;
    self.call = call;
    self.state = State::at_warp_operation;
    waiting_[warp] |= 1U << lane;
    sanitizer_release(&waiting_[warp]);
    if (warp_operation_complete(self)) {
        complete_warp_operation(warp, wanted_lanes(self), &self);
        self.state = State::running;
    } else {
        suspend(self, false);
    }
    sanitizer_acquire(&waiting_[warp]);
    return self.result;
}

/// Whether two lanes that wait take part in the same operation.
bool BlockRunner::meet(const Thread& thread, const Thread& other) {
    if (other.call.operation != thread.call.operation || other.call.mask != thread.call.mask) return false;
    return thread.call.collective == nullptr ||
           (other.call.collective == thread.call.collective && other.site == thread.site);
}

unsigned BlockRunner::wanted_lanes(const Thread& thread) const {
    if (thread.call.collective != nullptr) return all_lanes;
    return thread.call.mask & alive_[thread.device.linear / warp_threads];
}

bool BlockRunner::warp_operation_complete(const Thread& thread) const {
    const unsigned warp = thread.device.linear / warp_threads;
    const unsigned lanes = wanted_lanes(thread);
    if ((waiting_[warp] & lanes) != lanes) return false;
    bool complete = true;
    each_lane(lanes, [&](unsigned lane) { complete &= meet(thread, threads_[warp * warp_threads + lane]); });
    return complete;
}

void BlockRunner::complete_warp_operation(unsigned warp, unsigned lanes, const Thread* caller) {
    Thread* const first_lane = &threads_[std::size_t{warp} * warp_threads];
    const auto each = [&](const auto& work) { each_lane(lanes, [&](unsigned lane) { work(first_lane[lane]); }); };
    const auto lanes_with = [&](const auto& condition) {
        unsigned found = 0;
        each_lane(lanes, [&](unsigned lane) { found |= condition(first_lane[lane].call) ? 1U << lane : 0U; });
        return found;
    };
    const WarpCall& first = first_lane[std::countr_zero(lanes)].call;
    if (first.collective != nullptr) {
        void* own[warp_threads];
        each_lane(lanes, [&](unsigned lane) { own[lane] = reinterpret_cast<void*>(first_lane[lane].call.value); });
        // It reads and writes what belongs to all lanes.
        sanitizer_acquire(&waiting_[warp]);
        first.collective->run(own);
        sanitizer_release(&waiting_[warp]);
    }
    std::int64_t latest_ns = 0;
    each([&](const Thread& thread) { latest_ns = std::max(latest_ns, thread.device.elapsed_ns); });
    const unsigned yes = lanes_with([](const WarpCall& call) { return call.value != 0; });
    const auto equal_to = [&](std::uint64_t value) {
        return lanes_with([&](const WarpCall& call) { return call.value == value; });
    };
    each([&](Thread& thread) {
        switch (thread.call.operation) {
            case WarpOperation::sync:
            case WarpOperation::collective:
                break;
            case WarpOperation::shuffle:
                // Of a lane that takes no part CUDA promises nothing.
                thread.result = (lanes >> thread.call.source & 1U) != 0 ? first_lane[thread.call.source].call.value
                                                                        : ~std::uint64_t{0};
                break;
            case WarpOperation::ballot:
                thread.result = yes;
                break;
            case WarpOperation::all:
                thread.result = yes == lanes ? 1 : 0;
                break;
            case WarpOperation::match_any:
                thread.result = equal_to(thread.call.value);
                break;
            case WarpOperation::match_all:
                thread.result = equal_to(first.value) == lanes ? lanes : 0;
                break;
        }
    });
    waiting_[warp] &= ~lanes;
    each([&](Thread& thread) {
        thread.device.elapsed_ns = latest_ns;
        if (&thread != caller) make_ready(thread);
    });
}

/// Lanes that wait for one that has exited wait for it no longer.
void BlockRunner::lane_left(const Thread& thread) {
    const unsigned warp = thread.device.linear / warp_threads;
    alive_[warp] &= ~(1U << (thread.device.linear % warp_threads));
    each_lane(waiting_[warp], [&](unsigned lane) {
        if ((waiting_[warp] >> lane & 1U) == 0) return;  // let go together with an earlier one
        const Thread& waiting = threads_[warp * warp_threads + lane];
        if (warp_operation_complete(waiting)) complete_warp_operation(warp, wanted_lanes(waiting), nullptr);
    });
}

std::optional<KernelFailure> BlockRunner::why_warp_stuck() const {
    const auto* const end = threads_.begin() + count_;
    const auto* const thread = std::find_if(
        threads_.begin(), end, [](const Thread& candidate) { return candidate.state == State::at_warp_operation; });
    if (thread == end) return std::nullopt;
    const unsigned warp = thread->device.linear / warp_threads;
    unsigned absent = 0;
    each_lane(wanted_lanes(*thread), [&](unsigned lane) {
        const bool waits = (waiting_[warp] >> lane & 1U) != 0;
        const bool here = waits && meet(*thread, threads_[warp * warp_threads + lane]);
        absent |= here ? 0U : 1U << lane;
    });
    const std::string mask = thread->call.collective == nullptr ? " with mask " + hexadecimal(thread->call.mask) : "";
    return failure_at(*thread, std::string(name_of(thread->call)) + " at " + thread->site.text() + mask +
                                   " not reached by lanes " + hexadecimal(absent) + " of warp " + std::to_string(warp));
}

}  // namespace passbench::emulation

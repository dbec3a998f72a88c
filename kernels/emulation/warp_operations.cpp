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
    const unsigned warp = self.linear / warp_threads;
    const unsigned lane = self.linear % warp_threads;
    if ((call.mask >> lane & 1U) == 0) {
        std::string words = std::string(name_of(call)) + " at " + site.text() + ": the mask " + hexadecimal(call.mask) +
                            " does not name the calling lane " + std::to_string(lane);
        fail(std::move(words));
    }
    self.site = &site;
    WarpSlot& slot = warp_slots_[self.linear];
    slot.call = call;
    self.state = State::at_warp_operation;
    waiting_[warp] |= 1U << lane;
    void* const order = warp_orders_[warp].place();
    sanitizer_release(order);
    if (warp_operation_complete(self)) {
        complete_warp_operation(warp, wanted_lanes(self), &self);
    } else {
        suspend(Turn::of_begun);
    }
    sanitizer_acquire(order);
    return slot.result;
}

/// Whether two lanes that wait take part in the same operation.
bool BlockRunner::meet(const Thread& thread, const Thread& other) const {
    const WarpCall& a = call_of(thread);
    const WarpCall& b = call_of(other);
    if (a.operation != b.operation || a.mask != b.mask) return false;
    return a.collective == nullptr || (a.collective == b.collective && *thread.site == *other.site);
}

unsigned BlockRunner::wanted_lanes(const Thread& thread) const {
    const WarpCall& call = call_of(thread);
    if (call.collective != nullptr) return all_lanes;
    return call.mask & alive_[thread.linear / warp_threads];
}

bool BlockRunner::warp_operation_complete(const Thread& thread) const {
    const unsigned warp = thread.linear / warp_threads;
    const unsigned lanes = wanted_lanes(thread);
    if ((waiting_[warp] & lanes) != lanes) return false;
    bool complete = true;
    each_lane(lanes, [&](unsigned lane) { complete &= meet(thread, threads_[warp * warp_threads + lane]); });
    return complete;
}

void BlockRunner::complete_warp_operation(unsigned warp, unsigned lanes, const Thread* caller) {
    Thread* const threads = &threads_[std::size_t{warp} * warp_threads];
    WarpSlot* const slots = &warp_slots_[std::size_t{warp} * warp_threads];
    const auto lanes_with = [&](const auto& condition) {
        unsigned found = 0;
        each_lane(lanes, [&](unsigned lane) { found |= condition(slots[lane].call) ? 1U << lane : 0U; });
        return found;
    };
    const WarpCall& first = slots[std::countr_zero(lanes)].call;
    if (first.collective != nullptr) {
        void* own[warp_threads];
        each_lane(lanes, [&](unsigned lane) { own[lane] = reinterpret_cast<void*>(slots[lane].call.value); });
        // It reads and writes what belongs to all lanes.
        sanitizer_acquire(warp_orders_[warp].place());
        first.collective->run(own);
        sanitizer_release(warp_orders_[warp].place());
    }
    std::int64_t latest_ns = 0;
    each_lane(lanes, [&](unsigned lane) { latest_ns = std::max(latest_ns, threads[lane].elapsed_ns); });
    const unsigned yes = lanes_with([](const WarpCall& call) { return call.value != 0; });
    const auto equal_to = [&](std::uint64_t value) {
        return lanes_with([&](const WarpCall& call) { return call.value == value; });
    };
    each_lane(lanes, [&](unsigned lane) {
        auto& [call, result] = slots[lane];
        switch (call.operation) {
            case WarpOperation::sync:
            case WarpOperation::collective:
                break;
            case WarpOperation::shuffle:
                // Of a lane that takes no part CUDA promises nothing.
                result = (lanes >> call.source & 1U) != 0 ? slots[call.source].call.value : ~std::uint64_t{0};
                break;
            case WarpOperation::ballot:
                result = yes;
                break;
            case WarpOperation::all:
                result = yes == lanes ? 1 : 0;
                break;
            case WarpOperation::match_any:
                result = equal_to(call.value);
                break;
            case WarpOperation::match_all:
                result = equal_to(first.value) == lanes ? lanes : 0;
                break;
        }
    });
    waiting_[warp] &= ~lanes;
    ++warp_orders_[warp].operations;
    each_lane(lanes, [&](unsigned lane) {
        Thread& thread = threads[lane];
        thread.elapsed_ns = latest_ns;
        if (&thread != caller) ready_.push(thread);
    });
}

/// Lanes that wait for one that has exited wait for it no longer.
void BlockRunner::lane_left(const Thread& thread) {
    const unsigned warp = thread.linear / warp_threads;
    alive_[warp] &= ~(1U << (thread.linear % warp_threads));
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
    const unsigned warp = thread->linear / warp_threads;
    unsigned absent = 0;
    each_lane(wanted_lanes(*thread), [&](unsigned lane) {
        const bool waits = (waiting_[warp] >> lane & 1U) != 0;
        const bool here = waits && meet(*thread, threads_[warp * warp_threads + lane]);
        absent |= here ? 0U : 1U << lane;
    });
    const WarpCall& call = call_of(*thread);
    const std::string mask = call.collective == nullptr ? " with mask " + hexadecimal(call.mask) : "";
    return failure_at(*thread, std::string(name_of(call)) + " at " + thread->site->text() + mask +
                                   " not reached by lanes " + hexadecimal(absent) + " of warp " + std::to_string(warp));
}

}  // namespace passbench::emulation

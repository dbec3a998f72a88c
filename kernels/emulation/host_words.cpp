// Words of mapped memory by which a running kernel and the host talk, without a call of the driver between them.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/device_thread.hpp"
#include "kernels/emulation/stream_queue.hpp"
#include "kernels/emulation/virtual_clock.hpp"

namespace passbench::emulation {

bool device_wait_for_host(std::uint32_t* word, std::uint32_t wanted) {
    constexpr std::chrono::seconds patience(5);  // real: the host may be held up by its neighbours
    const auto until = std::chrono::steady_clock::now() + patience;
    const HostWait waiting;
    const std::atomic_ref<std::uint32_t> written(*word);
    while (written.load(std::memory_order_acquire) != wanted) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    // The host stands still since it wrote: it looks for the answer.
    DeviceThread& self = current_thread();
    const std::int64_t seen_ns = virtual_clock().now_ns() + cost_model.mapped_word_ns;
    self.elapsed_ns = std::max(self.elapsed_ns, seen_ns - running_block->place->begin_ns);
    return true;
}

void device_tell_host(std::uint64_t* word, std::uint64_t value) {
    const DeviceThread& self = current_thread();
    virtual_clock().arrive(running_block->place->begin_ns + self.elapsed_ns + cost_model.mapped_word_ns);
    std::atomic_ref<std::uint64_t>(*word).store(value, std::memory_order_release);
}

}  // namespace passbench::emulation

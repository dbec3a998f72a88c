// What the stand-in's virtual time is made of. The numbers are invented: round, of the order of a small card, and those of
// no card, so that nobody takes a simulated result for a measured one. Each cost is multiplied by noise of about 1 % when
// it arises, host costs and device costs by their planted overheads (virtual_clock.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench::emulation {

struct CostModel {
    // host
    double call_ns = 300;       // a call that only asks
    double enqueue_ns = 2'000;  // a launch, a copy, an event: until the call returns
    double submit_ns = 3'000;   // from the call's return until an idle device begins
    double wake_ns =
        1'500;  // from the device's end until a waiting host goes on, if its context does not say how it waits
    double spin_wake_ns = 500;  // the same of a context that spins, yields or blocks
    double yield_wake_ns = 1'000;
    double block_wake_ns = 6'000;
    double copy_alpha_ns = 4'000;  // before the first byte of a copy across the bus
    double allocate_ns = 1'000;    // device memory, and for each MiB of it:
    double allocate_mib_ns = 100;
    double pin_mib_ns = 20'000;  // host memory that is locked, each MiB
    double graph_node_ns = 100;  // of a graph that is launched, for each node
    double host_function_ns = 1'000;
    double module_ns = 200'000;      // a module is loaded
    double context_ns = 50'000'000;  // a context is created
    double clock_read_ns = 20;       // passbench_virtual_ns; without noise and planted overhead: it is the instrument
    std::int64_t mapped_word_ns = 500;  // until the other side sees a word of mapped memory; the same holds for it
    // device
    double kernel_ns = 2'000;
    double thread_ns = 0.5;
    double pinned_bytes_ns = 12;  // bytes in a ns, which is GB/s
    double pageable_bytes_ns = 6;
    double device_bytes_ns = 200;  // memset, and copies within the device
    double paged_out = 20;         // how many times as long work on memory takes that lies in the host's
    std::int64_t timer_read_ns = 20;
    std::int64_t timer_ahead_ns = 7'000'000'000;  // of the host's clock: who takes the two for one is found out
    // device: what it is; slow and small, for programs size their work by it, and a CPU has to do that work
    double sm_clock_ghz = 0.02;
    unsigned multiprocessors = 2;
    unsigned threads_a_multiprocessor = 1024;
    std::size_t memory_bytes = std::size_t{2} << 30;
    // noise
    double noise = 0.01;  // standard deviation, as a fraction
};

inline constexpr CostModel cost_model;

}  // namespace passbench::emulation

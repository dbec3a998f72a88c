// passbench-driver-overhead: what our layer over the CUDA driver costs, how fast the stand-in driver is, and on a GPU what stream
// and copy are worth beside bare calls of the driver. Medians of rounds taken in turns; asserts nothing.
#include "guest/agent/bench/driver_overhead.hpp"

#include <fmt/core.h>

#include "kernels/cuda/driver.hpp"

namespace passbench {

namespace {

Result<void> show_gpu(ThreadPool& pool) {
    if (const auto driver = Driver::load({}); !driver || (*driver)->is_simulated()) {
        fmt::print("GPU: skipped: no GPU\n  {}\n\n",
                   driver ? "the driver of this machine simulates" : to_text(driver.error()));
        return {};
    }
    fmt::print("GPU: our layer, ns an iteration (goals: at most 50 more; copies within 1 %)\n");
    PASSBENCH_CHECK(show_layer_cost({}, Copies::all_sizes, pool));
    return show_stream_rates(pool);
}

Result<void> run() {
    PASSBENCH_CHECK(show_opening(PASSBENCH_STAND_IN));
    ThreadPool pool(usable_cpus());
    // Before a stand-in is loaded: the loader would take it for the machine's driver, whose name it has.
    PASSBENCH_CHECK(show_gpu(pool));
    PASSBENCH_CHECK(show_stand_in_speed(PASSBENCH_STAND_IN_FOR_BENCH, pool));
    fmt::print("null driver, whose calls return at once: our layer, ns an iteration (goal: at most 50 more)\n");
    return show_layer_cost({.library = PASSBENCH_NULL_DRIVER}, Copies::smallest, pool);
}

}  // namespace

}  // namespace passbench

int main() {
    const auto done = passbench::run();
    if (done) return 0;
    fmt::print(stderr, "{}\n", passbench::to_text(done.error()));
    return passbench::exit_code(done.error().code);
}

#include "kernels/cpu/core_clock.hpp"

#include <cstdint>

#include "harness/core/clock.hpp"

namespace passbench {

namespace {

constexpr std::int64_t rounds = 2000;
constexpr std::int64_t additions_a_round = 64;

/// `rounds` x 64 dependent additions. Register to register: additions of a constant are done at rename on Golden Cove and
/// later, several in a cycle (uops.info, ADD R64 I8).
void run_chain() {
    std::int64_t left = rounds;
    std::uint64_t value = 1;
    const std::uint64_t step = 3;
    asm volatile(
        ".balign 64\n"
        "1:\n"
        ".rept 64\n"
        "add %[step], %[value]\n"
        ".endr\n"
        "dec %[left]\n"
        "jnz 1b\n"
        : [value] "+r"(value), [left] "+r"(left)
        : [step] "r"(step)
        : "cc");
}

}  // namespace

double measure_core_clock_hz() {
    const std::int64_t begin = steady_ns();
    run_chain();
    const std::int64_t end = steady_ns();
    constexpr double ns_per_s = 1e9;
    return static_cast<double>(rounds * additions_a_round) / static_cast<double>(end - begin) * ns_per_s;
}

}  // namespace passbench

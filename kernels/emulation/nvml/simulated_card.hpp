// What the stand-in NVML says of its one card: an idle card's numbers, or, while the stand-in driver of this process has a context,
// those of a card at work, with the faults of PASSBENCH_FAULT. Invented like those of the cost model. What is set of it (the locked
// clock, persistence mode) a driver keeps beyond the process that set it: so does the file that PASSBENCH_NVML_STATE names, which
// several processes share. Without that variable it ends with the process.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace passbench::emulation {

/// What can be set, as the state file has it: "locked_mhz = 10\npersistence = 1\n".
struct CardState {
    unsigned locked_mhz = 0;  // 0: not locked
    bool persistence = false;
};

/// What the SMs can be locked to, at each of the memory's clocks.
inline constexpr std::array<unsigned, 4> graphics_clocks_mhz = {20, 15, 10, 5};
inline constexpr std::array<unsigned, 2> memory_clocks_mhz = {3'125, 405};

struct SimulatedCard {
    unsigned sm_clock_mhz = 5;
    unsigned sm_clock_max_mhz = 20;
    unsigned memory_clock_mhz = 405;
    unsigned long long clock_reasons = 0;  // nvmlClocksEventReason...
    unsigned temperature_c = 40;
    unsigned slowdown_temperature_c = 90;
    unsigned power_mw = 10'000;
    unsigned power_limit_mw = 70'000;
    unsigned link_generation = 1;
    unsigned link_generation_max = 3;
    unsigned link_width = 16;
    unsigned link_width_max = 16;
    std::uint64_t uncorrected_errors = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t used_bytes = 0;
    bool is_in_use = false;  // by this process
    bool is_lost = false;
    CardState state;
};

/// As the driver beside this library and the faults have it now.
[[nodiscard]] SimulatedCard observe_card();

/// Keeps it. False where the file cannot be written.
[[nodiscard]] bool store_state(const CardState& state);
/// Whether the faults say that nothing may be set.
[[nodiscard]] bool is_denied();

/// Reads the faults. Empty, or what is wrong with their file, in words.
[[nodiscard]] std::string load_faults();
/// Whether the faults say that this function, by its exported name, is not supported.
[[nodiscard]] bool is_unsupported(std::string_view function);

}  // namespace passbench::emulation

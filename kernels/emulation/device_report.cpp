// What the stand-in NVML asks of the stand-in driver (simulation.h).
#include "kernels/emulation/cost_model.hpp"
#include "kernels/emulation/driver_state.hpp"
#include "kernels/emulation/simulation.h"

extern "C" void passbench_device_report(PassbenchDeviceReport* report) {
    using passbench::emulation::cost_model;
    constexpr double mhz_a_ghz = 1'000;
    auto& driver = passbench::emulation::driver();
    const auto& faults = driver.faults;
    *report = {.memory_bytes = driver.memory.capacity_bytes(),
               .resident_bytes = driver.memory.resident_bytes(),
               .others_bytes = driver.memory.used_by_others_bytes(),
               .kernels = faults.kernels(),
               .ecc_errors = faults.ecc_errors(),
               .clock_mhz = cost_model.sm_clock_ghz * mhz_a_ghz * faults.clock_factor(),
               .full_clock_mhz = cost_model.sm_clock_ghz * mhz_a_ghz,
               .is_in_use = 0,
               .is_lost = faults.device_lost() ? 1 : 0};
    const std::lock_guard lock(driver.primary_mutex);
    report->is_in_use = driver.primary_users > 0 ? 1 : 0;
}

#include "kernels/emulation/nvml/simulated_card.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <mutex>
#include <nvml.h>
#include <string>
#include <unistd.h>

#include "kernels/emulation/fault_file.hpp"
#include "kernels/emulation/simulation.h"

namespace passbench::emulation {

namespace {

constexpr std::uint64_t kept_by_driver_bytes = std::uint64_t{1} << 20;  // also of an idle card
constexpr std::uint64_t context_bytes = std::uint64_t{1} << 20;

std::mutex plan_mutex;

FaultPlan& stored_plan() {
    static FaultPlan plan;
    return plan;
}

FaultPlan current_plan() {
    const std::lock_guard lock(plan_mutex);
    return stored_plan();
}

/// The library that this code is in.
std::string own_file() {
    Dl_info info{};
    return dladdr(reinterpret_cast<const void*>(&own_file), &info) != 0 && info.dli_fname != nullptr ? info.dli_fname
                                                                                                     : "";
}

/// What the driver of this process says; an unused card where none is loaded.
PassbenchDeviceReport ask_driver() {
    const std::string file = own_file();
    const std::string driver = file.substr(0, file.rfind('/') + 1) + "libcuda.so.1";
    PassbenchDeviceReport report{};
    void* const library = dlopen(driver.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) return report;
    using Report = void (*)(PassbenchDeviceReport*);
    // POSIX asks for this conversion of dlsym's result.
    const auto tell = reinterpret_cast<Report>(dlsym(library, "passbench_device_report"));
    if (tell != nullptr) tell(&report);
    dlclose(library);
    return report;
}

std::string state_file() {
    const char* const file = std::getenv("PASSBENCH_NVML_STATE");
    return file == nullptr ? "" : file;
}

/// Of this process alone, where no file is named.
CardState& own_state() {
    static CardState state;
    return state;
}

/// A file that is not there is a card of which nothing was set.
CardState current_state() {
    const std::string file = state_file();
    if (file.empty()) {
        const std::lock_guard lock(plan_mutex);
        return own_state();
    }
    CardState state;
    std::ifstream stream(file);
    std::string key;
    std::string equals;
    for (unsigned value = 0; stream >> key >> equals >> value;) {
        if (key == "locked_mhz") state.locked_mhz = value;
        if (key == "persistence") state.persistence = value != 0;
    }
    return state;
}

bool is_reached(std::uint64_t kernels, std::uint64_t at) { return at > 0 && kernels >= at; }

template <typename Number>
void replace(Number& number, std::uint64_t planted) {
    if (planted > 0) number = static_cast<Number>(planted);
}

void put_to_work(SimulatedCard& card, const PassbenchDeviceReport& report, const FaultPlan& plan) {
    card.is_in_use = true;
    card.sm_clock_mhz = static_cast<unsigned>(std::lround(report.clock_mhz));
    card.memory_clock_mhz = 3'125;
    card.clock_reasons = report.clock_mhz < report.full_clock_mhz
                             ? nvmlClocksThrottleReasonHwSlowdown | nvmlClocksThrottleReasonHwThermalSlowdown
                             : nvmlClocksEventReasonNone;
    card.temperature_c = 60;
    card.power_mw = 45'000;
    card.link_generation = card.link_generation_max;
    card.uncorrected_errors = report.ecc_errors + (is_reached(report.kernels, plan.nvml_ecc_at) ? 1 : 0);
    card.used_bytes += context_bytes + report.resident_bytes;
    // Held to what was asked for, which is not being held back.
    if (card.state.locked_mhz > 0) card.sm_clock_mhz = std::min(card.sm_clock_mhz, card.state.locked_mhz);
    replace(card.temperature_c, plan.nvml_temperature);
    replace(card.link_width, plan.nvml_link_width);
    replace(card.link_generation, plan.nvml_link_generation);
}

}  // namespace

std::string load_faults() {
    const char* const file = std::getenv("PASSBENCH_FAULT");
    FaultFile parsed;
    if (file != nullptr && *file != '\0') {
        std::ifstream stream(file, std::ios::binary);
        if (!stream) return std::string(file) + ": cannot be read (named by PASSBENCH_FAULT)";
        std::string text(most_fault_file_bytes + 1, '\0');
        stream.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(stream.gcount()));
        parsed = parse_fault_file(text);
        if (!parsed.error.empty()) return std::string(file) + ": " + parsed.error;
        const std::string& function = parsed.plan.nvml_unsupported;
        void* const self = function.empty() ? nullptr : dlopen(own_file().c_str(), RTLD_LAZY | RTLD_NOLOAD);
        if (!function.empty() && (self == nullptr || dlsym(self, function.c_str()) == nullptr)) {
            return std::string(file) + ": this NVML has no function '" + function + "'";
        }
        if (self != nullptr) dlclose(self);
    }
    const std::lock_guard lock(plan_mutex);
    stored_plan() = parsed.plan;
    return {};
}

bool store_state(const CardState& state) {
    const std::string file = state_file();
    if (file.empty()) {
        const std::lock_guard lock(plan_mutex);
        own_state() = state;
        return true;
    }
    // Others read it at any time: whole or not at all.
    const std::string fresh = file + "." + std::to_string(getpid());
    std::ofstream stream(fresh);
    stream << "locked_mhz = " << state.locked_mhz << "\npersistence = " << (state.persistence ? 1 : 0) << "\n";
    stream.close();
    return !stream.fail() && std::rename(fresh.c_str(), file.c_str()) == 0;
}

bool is_denied() { return current_plan().nvml_denied; }

bool is_unsupported(std::string_view function) { return current_plan().nvml_unsupported == function; }

SimulatedCard observe_card() {
    const FaultPlan plan = current_plan();
    const PassbenchDeviceReport report = ask_driver();
    SimulatedCard card;
    card.state = current_state();
    if (card.state.locked_mhz > 0) card.sm_clock_mhz = card.state.locked_mhz;
    card.clock_reasons = nvmlClocksEventReasonGpuIdle;
    card.memory_bytes = report.memory_bytes;
    card.used_bytes = kept_by_driver_bytes + report.others_bytes;
    card.is_lost = report.is_lost != 0 || is_reached(report.kernels, plan.nvml_lost_at);
    if (report.is_in_use != 0 && !plan.nvml_stale) put_to_work(card, report, plan);
    return card;
}

}  // namespace passbench::emulation

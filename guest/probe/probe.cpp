#include "guest/probe/probe.hpp"

#include <chrono>
#include <sstream>
#include <thread>

#include "guest/probe/build_info.hpp"
#include "guest/probe/fact_groups.hpp"
#include "guest/probe/passthrough.hpp"
#include "guest/probe/preflight.hpp"
#include "guest/probe/watched_variables.hpp"
#include "harness/core/this_process.hpp"
#include "harness/core/thread_pool.hpp"

namespace passbench {
namespace {

constexpr std::int64_t watch_ns = 200'000'000;
constexpr double tick_ns = 1e7;  // USER_HZ is 100 on every kernel in use

}  // namespace

Machine this_machine() {
    Machine machine;
    machine.files = files_of_this_machine();
    machine.hypervisor_signature = hypervisor_signature();
    machine.cuda = load_cuda_driver();
    if (machine.cuda.loaded) machine.cuda_device = ask_cuda_device();
    machine.libraries = load_cpu_libraries();
    machine.variables = variables_in(own_environment());
    machine.timer = measure_timer();
    machine.cpus = usable_cpus();
    const std::int64_t begun = steady_ns();
    const ProcessTimes earlier = read_process_times(machine.files);
    std::this_thread::sleep_for(std::chrono::nanoseconds(watch_ns));
    const ProcessTimes later = read_process_times(machine.files);
    const double ticks = static_cast<double>(steady_ns() - begun) / tick_ns;
    machine.busy = busy_processes(earlier, later, ticks, static_cast<int>(process_number()));
    return machine;
}

Machine recorded_machine(const std::filesystem::path& root) {
    Machine machine;
    machine.recorded = true;
    machine.files = MachineFiles(root);
    machine.hypervisor_signature = machine.files.line("cpuid/0x40000000").value_or("");
    std::istringstream cpuinfo(machine.files.text("proc/cpuinfo"));
    for (std::string line; std::getline(cpuinfo, line);) {
        if (line.starts_with("processor")) machine.cpus.push_back(static_cast<int>(machine.cpus.size()));
    }
    return machine;
}

Environment describe(const Machine& machine) {
    Environment environment;
    environment.identity = cpu_identity(machine);
    environment.identity.merge(gpu_identity(machine));
    environment.identity["agent.source"] = std::string(build_info().source);
    environment.context = cpu_context(machine);
    environment.context.merge(system_context(machine));
    environment.context.merge(gpu_context(machine));
    environment.context.merge(passthrough_context(machine));
    environment.context.merge(build_context());
    if (machine.recorded) environment.context["probe.recorded"] = true;
    environment.capabilities = cpu_capabilities(machine);
    environment.capabilities.merge(gpu_capabilities(machine));
    environment.capabilities.merge(library_capabilities(machine));
    environment.disturbances = disturbance_facts(machine);
    environment.preflight = preflight_checks(machine);
    return environment;
}

}  // namespace passbench

#include "guest/probe/preflight.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>

#include "guest/probe/fact_groups.hpp"
#include "guest/probe/known_drivers.hpp"
#include "guest/probe/watched_variables.hpp"
#include "harness/core/units.hpp"
#include "harness/records/card_properties.hpp"

namespace passbench {
namespace {

using Severity = PreflightSeverity;

PreflightCheck ok(std::string check, std::string what) {
    return {.check = std::move(check), .severity = Severity::ok, .what = std::move(what), .fix = {}};
}

PreflightCheck skipped(std::string check, std::string what) {
    return {.check = std::move(check), .severity = Severity::skipped, .what = std::move(what), .fix = {}};
}

/// What NVML said of the card, by the keys of telemetry.
std::optional<std::int64_t> of_card(const Machine& machine, std::string_view field) {
    return machine.cuda_device ? fact_int(machine.cuda_device->nvml, fmt::format("gpu.{}", field)) : std::nullopt;
}

PreflightCheck without_value(std::string check) { return skipped(std::move(check), "NVML does not tell it here"); }

std::vector<PreflightCheck> environment_variables(const Machine& machine) {
    if (machine.recorded) return {skipped("environment", "the environment of a recorded machine is not known")};
    std::vector<PreflightCheck> checks;
    for (const auto& [name, value] : machine.variables) {
        const WatchedVariable& watched = *find_watched_variable(name);
        checks.push_back({.check = fmt::format("environment.{}", name),
                          .severity = watched.severity,
                          .what = fmt::format("{} is set to '{}': {}", name, value, watched.effect),
                          .fix = fmt::format("Start without it: unset {}.", name)});
    }
    if (checks.empty()) checks.push_back(ok("environment", "no variable is set that changes what is measured"));
    return checks;
}

PreflightCheck container(const Machine& machine) {
    const MachineFiles& files = machine.files;
    const std::string limit = files.line("sys/fs/cgroup/memory.max").value_or("max");
    if (limit != "max") {
        return {
            .check = "container",
            .severity = Severity::note,
            .what = fmt::format("a cgroup limits the memory to {}", format_bytes(leading_number(limit).value_or(0))),
            .fix = "Where large cases fail, start the container or the service without a memory limit."};
    }
    if (files.exists(".dockerenv") || files.exists("run/.containerenv")) {
        return {.check = "container",
                .severity = Severity::note,
                .what = "this is a container",
                .fix = "Compare with runs in the same kind of container alone."};
    }
    return ok("container", "no container and no memory limit");
}

PreflightCheck matching_driver(const Machine& machine) {
    constexpr const char* check = "gpu.driver_match";
    const auto kernel = fact_text(gpu_context(machine), "gpu.driver");
    const auto library = fact_text(machine.cuda_device->nvml, "nvml");
    if (!kernel || !library || !leading_number(*library)) {
        return skipped(check,
                       "the kernel driver or NVML does not tell its version (under GPU-PV there is no kernel "
                       "driver here)");
    }
    if (*kernel == *library) return ok(check, fmt::format("driver and libraries are both {}", *kernel));
    return {.check = check,
            .severity = Severity::block,
            .what = fmt::format("the kernel driver is {} and its libraries are {}", *kernel, *library),
            .fix = std::string("Install both from one driver, then restart.")};
}

PreflightCheck known_driver(const Machine& machine) {
    constexpr const char* check = "gpu.known_driver";
    if (!machine.files.exists("dev/dxg")) return skipped(check, "the list is of Windows drivers (GPU-PV, WSL2)");
    const auto version = fact_text(machine.cuda_device->nvml, "nvml").value_or("");
    const KnownDriver* known = find_known_windows_driver(version);
    if (known == nullptr) return ok(check, fmt::format("nothing is known against driver {}", version));
    return {.check = check,
            .severity = Severity::warn,
            .what = fmt::format("of driver {} it is known that {} ({})", version, known->what, known->source),
            .fix = std::string(known->fix)};
}

PreflightCheck idle(const Machine& machine) {
    constexpr const char* check = "gpu.idle";
    const auto others = of_card(machine, "processes.other");
    if (others && *others > 0) {
        return {.check = check,
                .severity = Severity::warn,
                .what = fmt::format("{} on the card besides us", counted(static_cast<std::size_t>(*others), "program")),
                .fix = "End them (nvidia-smi shows them), or values are those of a shared card."};
    }
    const auto used = of_card(machine, "memory.used_bytes");
    const auto total = of_card(machine, "memory.total_bytes");
    constexpr std::int64_t tenth = 10;
    if (used && total && *used > *total / tenth) {
        return {.check = check,
                .severity = Severity::note,
                .what = fmt::format("{} of the card's {} are in use", format_bytes(*used), format_bytes(*total)),
                .fix = "See who uses it (nvidia-smi; under GPU-PV on the host and in other guests too)."};
    }
    return others || used ? ok(check, "nobody else computes on the card") : without_value(check);
}

PreflightCheck link(const Machine& machine) {
    constexpr const char* check = "gpu.link";
    const auto width = of_card(machine, "pcie.width");
    const auto width_max = of_card(machine, "pcie.width_max");
    const auto generation = of_card(machine, "pcie.generation");
    const auto generation_max = of_card(machine, "pcie.generation_max");
    if (!width || !width_max || !generation || !generation_max) return without_value(check);
    const std::string now = fmt::format("PCIe generation {} x {} while it idles, {} x {} at most", *generation, *width,
                                        *generation_max, *width_max);
    if (*width >= *width_max) return ok(check, now + "; each trial looks again under load");
    return {
        .check = check,
        .severity = Severity::note,
        .what = now,
        .fix =
            "Some cards give up lanes while they idle; each trial looks again under load. If it is so there too, see "
            "`passbench help gpu.link_width`."};
}

PreflightCheck memory_errors(const Machine& machine) {
    constexpr const char* check = "gpu.memory_errors";
    const auto has = [&](std::string_view field) { return of_card(machine, field).value_or(0) > 0; };
    if (has("rows.remap_failed")) {
        return {.check = check,
                .severity = Severity::block,
                .what = "the card could not replace rows of its memory that err",
                .fix = "Take the card out of use; it is a case for its warranty."};
    }
    if (has("rows.remap_pending") || has("pages.retirement_pending")) {
        return {.check = check,
                .severity = Severity::warn,
                .what = "parts of the card's memory wait to be retired",
                .fix = "Reset the card or restart, so that they are no longer used."};
    }
    if (has("ecc.uncorrected")) {
        return {.check = check,
                .severity = Severity::warn,
                .what = fmt::format(
                    "{} since the driver was loaded that could not be corrected",
                    counted(static_cast<std::size_t>(*of_card(machine, "ecc.uncorrected")), "memory error")),
                .fix = "Reset the card, run scenarios/memory-health.toml, and take the card out if it errs again."};
    }
    constexpr std::array fields = {"rows.remap_failed", "rows.remap_pending", "pages.retirement_pending",
                                   "ecc.uncorrected"};
    const bool told = std::any_of(fields.begin(), fields.end(),
                                  [&](const char* field) { return of_card(machine, field).has_value(); });
    return told ? ok(check, "no errors and nothing to be retired") : without_value(check);
}

PreflightCheck heat(const Machine& machine) {
    constexpr const char* check = "gpu.heat";
    constexpr std::int64_t near_c = 15;
    const auto now = of_card(machine, "temperature_c");
    const auto slowdown = of_card(machine, "slowdown_temperature_c");
    if (!now) return without_value(check);
    if (!slowdown || *slowdown <= 0 || *now < *slowdown - near_c) return ok(check, fmt::format("{} C", *now));
    return {.check = check,
            .severity = Severity::warn,
            .what = fmt::format("{} C before any work, and the card slows itself down from {} C on", *now, *slowdown),
            .fix = "Let it cool down, and see its fans and the air in front of it."};
}

PreflightCheck persistence(const Machine& machine) {
    constexpr const char* check = "gpu.persistence";
    const auto on = of_card(machine, "persistence");
    if (!on) return without_value(check);
    if (*on != 0) return ok(check, "on");
    return {.check = check,
            .severity = Severity::note,
            .what = "persistence mode is off: the driver starts the card anew for each program, with cold clocks",
            .fix =
                "Turn it on as root: nvidia-smi -pm 1, or for a run: gpu_persistence = \"on\" below [prepare] in "
                "lab.toml."};
}

/// NVML tells nobody which clock is locked; what the agent locked it has noted.
PreflightCheck clocks(const Machine& machine) {
    constexpr const char* check = "gpu.clocks";
    if (machine.files.exists("dev/dxg")) return skipped(check, "under GPU-PV and WSL2 they are the host's to lock");
    if (!of_card(machine, "sm_clock_mhz")) return without_value(check);
    const std::string notes(card_property::notes_folder);
    for (const std::string& card : machine.files.names(notes)) {
        const auto clock = machine.files.line(fmt::format("{}/{}", notes, card));
        if (clock) return ok(check, fmt::format("the agent locked {} to {}", card, *clock));
    }
    return {.check = check,
            .severity = Severity::note,
            .what = "the agent has not locked the clock: the card sets it by heat and power while it is measured",
            .fix = "For a gate, lock it for the run: gpu_clocks and gpu_persistence below [prepare] in lab.toml."};
}

}  // namespace

std::vector<PreflightCheck> preflight_checks(const Machine& machine) {
    std::vector<PreflightCheck> checks = environment_variables(machine);
    checks.push_back(container(machine));
    const Facts card = gpu_capabilities(machine);
    if (!machine.cuda_device || !fact_bool(card, "gpu.present").value_or(false)) {
        checks.push_back(skipped("gpu", "no card to look at: " + fact_text(card, "gpu.why").value_or("not known")));
        return checks;
    }
    if (!fact_text(machine.cuda_device->nvml, "nvml")) {
        checks.push_back(
            {.check = "gpu.nvml",
             .severity = Severity::note,
             .what = fact_text(machine.cuda_device->nvml, "nvml.why").value_or("NVML does not answer"),
             .fix = "Install NVML of the driver's version; without it heat, errors and link are not watched."});
    }
    for (const auto check : {matching_driver, known_driver, idle, link, memory_errors, heat, persistence, clocks}) {
        checks.push_back(check(machine));
    }
    return checks;
}

}  // namespace passbench

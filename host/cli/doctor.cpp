#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/report/fact_words.hpp"
#include "harness/report/text.hpp"
#include "host/cli/diagnosis.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/read_inputs.hpp"
#include "host/cli/verbs.hpp"
#include "host/providers/provider.hpp"
#include "host/session/ask_guest.hpp"

namespace passbench {

namespace {

std::string line(std::string_view key, const Fact& fact) {
    return indented(fmt::format("  {:<22} ", key), shown(key, fact), report_columns);
}

std::string lines(const Facts& facts) {
    std::string text;
    for (const auto& [key, fact] : facts) {
        text += line(key, fact);
    }
    return text;
}

std::string gpu_line(const Environment& guest) {
    const auto present = fact_bool(guest.capabilities, "gpu.present").value_or(false);
    return present ? fmt::format("{}, driver {}", shown_or(guest.identity, "gpu.model", "present"),
                                 shown_or(guest.context, "gpu.driver", "of unknown version"))
                   : "none: " + shown_or(guest.capabilities, "gpu.why", "no reason was given");
}

std::string machine_lines(const Environment& guest) {
    const auto row = [](std::string_view name, const std::string& value) {
        return indented(fmt::format("  {:<22} ", name), value, report_columns);
    };
    return row("CPU", shown_or(guest.identity, "cpu.model", "unknown") + ", " + shown_or(guest.identity, "cpus", "?") +
                          " usable") +
           row("instruction sets", shown_or(guest.capabilities, "isa", "unknown")) +
           row("memory", shown_or(guest.context, "memory.total_bytes", "unknown")) +
           row("hypervisor", shown_or(guest.context, "hypervisor", "none seen")) +
           row("system", shown_or(guest.context, "os", "unknown") + ", kernel " +
                             shown_or(guest.context, "kernel.release", "unknown")) +
           row("GPU", gpu_line(guest)) +
           row("/dev/dxg",
               fact_bool(guest.capabilities, "gpu.dxg").value_or(false) ? "present (GPU-PV or WSL2)" : "absent") +
           row("clock", fmt::format("{}, {} ns fine, {} ns a read", shown_or(guest.context, "clocksource", "unknown"),
                                    shown_or(guest.capabilities, "timer.resolution_ns", "?"),
                                    shown_or(guest.capabilities, "timer.cost_ns", "?")));
}

/// What has an advice first, each with it; then what was looked at and does not disturb.
std::string disturbance_lines(const Facts& facts) {
    std::string disturbing;
    std::string quiet;
    for (const auto& [key, fact] : facts) {
        if (advised_fact(key)) {
            continue;
        }
        const auto advice = facts.find(advice_key(key));
        if (advice == facts.end()) {
            quiet += fmt::format("{}{} {}", quiet.empty() ? "" : ", ", key, shown(key, fact));
        } else {
            disturbing += line(key, fact) + indented("    -> ", printable(to_string(advice->second)), report_columns);
        }
    }
    return (disturbing.empty() ? "  nothing\n" : disturbing) +
           (quiet.empty() ? std::string() : indented("  in order: ", quiet, report_columns));
}

/// What is to be done first, each with what to do; then what is in order, and what could not be looked at.
std::string preflight_lines(const std::vector<PreflightCheck>& checks) {
    std::string todo;
    std::string in_order;
    std::string unseen;
    for (const auto& check : checks) {
        if (check.severity == PreflightSeverity::ok) {
            in_order += (in_order.empty() ? "" : ", ") + printable(check.check);
        } else if (check.severity == PreflightSeverity::skipped) {
            unseen +=
                fmt::format("{}{} ({})", unseen.empty() ? "" : ", ", printable(check.check), printable(check.what));
        } else {
            todo += indented(fmt::format("  {:<5} {}: ", to_string(check.severity), printable(check.check)),
                             printable(check.what), report_columns) +
                    indented("    -> ", printable(check.fix), report_columns);
        }
    }
    return (todo.empty() ? "  nothing to be done\n" : todo) +
           (in_order.empty() ? std::string() : indented("  in order: ", in_order, report_columns)) +
           (unseen.empty() ? std::string() : indented("  not looked at: ", unseen, report_columns));
}

std::string host_lines(const HostFacts& host) {
    std::string text;
    for (const auto& [resource, facts] : host) {
        text += fmt::format("  {}\n", resource);
        for (const auto& [property, value] : facts) {
            text += "  " + line(property, value);
        }
    }
    return text.empty() ? "  nothing\n" : text;
}

/// EFLOW's support ends on a day, wherever in the world.
std::chrono::year_month_day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

Result<Diagnosis> look(const Arguments& arguments, const StopAsked& stop) {
    Diagnosis diagnosis;
    if (!arguments.host.empty()) {
        PASSBENCH_TRY(diagnosis.host, read_host(arguments.host));
        return diagnosis;
    }
    PASSBENCH_TRY(const auto provider, make_provider("local.gpu"));
    PASSBENCH_TRY(diagnosis.host, provider->survey());
    auto guest = ask_guest(*provider, arguments.agent, stop);
    if (!guest && guest.error().code == ErrorCode::interrupted) {
        return fail(std::move(guest).error());
    }
    if (guest) {
        diagnosis.guest = *std::move(guest);
    } else {
        diagnosis.trouble = guest.error();
    }
    PASSBENCH_TRY(diagnosis.left, find_left_behind());
    return diagnosis;
}

std::string recorded_text(const Diagnosis& diagnosis, const std::filesystem::path& file) {
    const std::string table = diagnosis.passthrough ? text_of(*diagnosis.passthrough) + "\n" : "";
    return table + "Host as recorded in " + file.string() + "\n" + host_lines(diagnosis.host);
}

}  // namespace

std::string text_of(const Diagnosis& diagnosis) {
    std::string text;
    if (diagnosis.guest) {
        text += "This machine\n" + machine_lines(*diagnosis.guest);
        text += "\nWhat disturbs measuring here\n" + disturbance_lines(diagnosis.guest->disturbances);
        text += "\nPreflight\n" + preflight_lines(diagnosis.guest->preflight);
        text += "\nWhat must match to compare runs\n" + lines(diagnosis.guest->identity);
    }
    if (diagnosis.trouble) {
        text += "The agent could not be asked about this machine\n  " + to_text(*diagnosis.trouble) + "\n";
    }
    if (diagnosis.passthrough) {
        text += "\n" + text_of(*diagnosis.passthrough);
    }
    text += "\nWhat a run could set on this host\n" + host_lines(diagnosis.host);
    text += "\nLeft by earlier runs\n" + text_of(diagnosis.left);
    return text;
}

namespace verb {

Checked<Answer> doctor(const Arguments& arguments, const Terminal& terminal) {
    auto diagnosis = look(arguments, terminal.stop);
    if (!diagnosis) {
        return fail_with(diagnosis.error());
    }
    if (is_windows(diagnosis->host)) {
        diagnosis->passthrough = passthrough_of(diagnosis->host, today());
    }
    Answer answer{.exit = diagnosis->trouble ? exit_code(diagnosis->trouble->code) : 0,
                  .data = doctor_data(*diagnosis)};
    answer.text = arguments.host.empty() ? text_of(*diagnosis) : recorded_text(*diagnosis, arguments.host);
    if (!arguments.save.empty()) {
        if (auto saved = replace_file(arguments.save, to_json(diagnosis->host)); !saved) {
            return fail_with(std::move(saved).error());
        }
        answer.text += "\nsaved to " + arguments.save.string() + "\n";
    }
    return answer;
}

}  // namespace verb

}  // namespace passbench

#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/units.hpp"
#include "harness/report/text.hpp"
#include "host/cli/diagnosis.hpp"
#include "host/cli/json_documents.hpp"
#include "host/cli/layout.hpp"
#include "host/cli/read_inputs.hpp"
#include "host/cli/verbs.hpp"
#include "host/providers/provider.hpp"
#include "host/session/job.hpp"

namespace passbench {

namespace {

constexpr std::string_view advice_suffix = ".advice";

std::string shown(std::string_view key, const Fact& fact) {
    const auto* number = std::get_if<std::int64_t>(&fact);
    const bool is_size = key.size() > 6 && key.substr(key.size() - 6) == "_bytes";
    if (number != nullptr && is_size) {
        return format_bytes(*number);
    }
    if (const auto* fraction = std::get_if<double>(&fact)) {
        return key.find("fraction") != std::string_view::npos ? format_percent(*fraction)
                                                              : fmt::format("{:.3g}", *fraction);
    }
    return printable(to_string(fact));
}

std::string line(std::string_view key, const Fact& fact) {
    return in_columns(fmt::format("  {:<22} ", key), shown(key, fact));
}

std::string lines(const Facts& facts) {
    std::string text;
    for (const auto& [key, fact] : facts) {
        text += line(key, fact);
    }
    return text;
}

std::string fact_or(const Facts& facts, std::string_view key, std::string_view otherwise) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string(otherwise) : shown(key, found->second);
}

std::string gpu_line(const Environment& guest) {
    const auto present = fact_bool(guest.capabilities, "gpu.present").value_or(false);
    return present ? fmt::format("{}, driver {}", fact_or(guest.identity, "gpu.model", "present"),
                                 fact_or(guest.context, "gpu.driver", "of unknown version"))
                   : "none: " + fact_or(guest.capabilities, "gpu.why", "no reason was given");
}

std::string machine_lines(const Environment& guest) {
    const auto row = [](std::string_view name, const std::string& value) {
        return in_columns(fmt::format("  {:<22} ", name), value);
    };
    return row("CPU", fact_or(guest.identity, "cpu.model", "unknown") + ", " + fact_or(guest.identity, "cpus", "?") +
                          " usable") +
           row("instruction sets", fact_or(guest.capabilities, "isa", "unknown")) +
           row("memory", fact_or(guest.context, "memory.total_bytes", "unknown")) +
           row("hypervisor", fact_or(guest.context, "hypervisor", "none seen")) +
           row("system", fact_or(guest.context, "os", "unknown") + ", kernel " +
                             fact_or(guest.context, "kernel.release", "unknown")) +
           row("GPU", gpu_line(guest)) +
           row("/dev/dxg",
               fact_bool(guest.capabilities, "gpu.dxg").value_or(false) ? "present (GPU-PV or WSL2)" : "absent") +
           row("clock", fmt::format("{}, {} ns fine, {} ns a read", fact_or(guest.context, "clocksource", "unknown"),
                                    fact_or(guest.capabilities, "timer.resolution_ns", "?"),
                                    fact_or(guest.capabilities, "timer.cost_ns", "?")));
}

/// What has an advice first, each with it; then what was looked at and does not disturb.
std::string disturbance_lines(const Facts& facts) {
    std::string disturbing;
    std::string quiet;
    for (const auto& [key, fact] : facts) {
        if (key.size() > advice_suffix.size() && key.ends_with(advice_suffix)) {
            continue;
        }
        const auto advice = facts.find(key + std::string(advice_suffix));
        if (advice == facts.end()) {
            quiet += fmt::format("{}{} {}", quiet.empty() ? "" : ", ", key, shown(key, fact));
        } else {
            disturbing += line(key, fact) + in_columns("    -> ", to_string(advice->second));
        }
    }
    return (disturbing.empty() ? "  nothing\n" : disturbing) +
           (quiet.empty() ? std::string() : in_columns("  in order: ", quiet));
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

/// A folder of this process alone under the system's place for such, gone with it.
class ScratchFolder {
public:
    ScratchFolder() : path_(std::filesystem::temp_directory_path() / fmt::format("passbench-doctor-{}", getpid())) {}
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

Result<Environment> ask_agent(Provider& provider, const std::string& agent, const StopAsked& stop) {
    const ScratchFolder scratch;
    const auto carrier = provider.carrier();
    PASSBENCH_TRY(const std::string path, agent.empty() ? provider.agent_path() : Result<std::string>(agent));
    return probe_guest({.carrier = *carrier, .agent = path, .scratch = scratch.path(), .stop = stop, .seen_done = {}});
}

Result<Diagnosis> look(const Arguments& arguments, const StopAsked& stop) {
    Diagnosis diagnosis;
    if (!arguments.host.empty()) {
        PASSBENCH_TRY(diagnosis.host, read_host(arguments.host));
        return diagnosis;
    }
    PASSBENCH_TRY(const auto provider, make_provider("local"));
    PASSBENCH_TRY(diagnosis.host, provider->survey());
    auto guest = ask_agent(*provider, arguments.agent, stop);
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

}  // namespace

std::string text_of(const Diagnosis& diagnosis) {
    std::string text;
    if (diagnosis.guest) {
        text += "This machine\n" + machine_lines(*diagnosis.guest);
        text += "\nWhat disturbs measuring here\n" + disturbance_lines(diagnosis.guest->disturbances);
        text += "\nWhat must match to compare runs\n" + lines(diagnosis.guest->identity);
    }
    if (diagnosis.trouble) {
        text += "The agent could not be asked about this machine\n  " + to_text(*diagnosis.trouble) + "\n";
    }
    text += "\nWhat a run could set on this host\n" + host_lines(diagnosis.host);
    text += "\nLeft by earlier runs\n" + text_of(diagnosis.left);
    return text;
}

namespace verb {

Checked<Answer> doctor(const Arguments& arguments, const Terminal& terminal) {
    const auto diagnosis = look(arguments, terminal.stop);
    if (!diagnosis) {
        return fail_with(diagnosis.error());
    }
    Answer answer{.exit = diagnosis->trouble ? exit_code(diagnosis->trouble->code) : 0,
                  .data = doctor_data(*diagnosis)};
    answer.text = arguments.host.empty()
                      ? text_of(*diagnosis)
                      : "Host as recorded in " + arguments.host.string() + "\n" + host_lines(diagnosis->host);
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

// The CPU and memory: what must match to compare (R14.1), what is only recorded (R14.3), and what it can do.
#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include <fmt/core.h>

#include "guest/probe/fact_groups.hpp"

namespace passbench {
namespace {

/// The parts of cpuinfo's flags that choose a CPU form, in the order in which they came.
constexpr std::array<std::string_view, 12> shown_flags = {"sse2",     "sse4_2",   "avx",         "fma",
                                                          "avx2",     "avx512f",  "avx512bw",    "avx512dq",
                                                          "avx512vl", "avx_vnni", "avx512_vnni", "avx512_bf16"};

std::string isa_list(const MachineFiles& files) {
    const std::string cpuinfo = files.text("proc/cpuinfo");
    // Not value_of: the list of flags is longer than a line that a record may hold.
    const std::size_t place = cpuinfo.find("\nflags");
    if (place == std::string::npos) return {};
    std::istringstream flags(cpuinfo.substr(place + 1, cpuinfo.find('\n', place + 1) - place - 1));
    std::vector<std::string> present;
    for (std::string flag; flags >> flag;) present.push_back(flag);
    std::string list;
    for (const std::string_view flag : shown_flags) {
        if (std::find(present.begin(), present.end(), flag) == present.end()) continue;
        list.append(list.empty() ? "" : " ").append(flag);
    }
    return list;
}

/// "32768K" as the kernel writes sizes of caches.
std::optional<std::int64_t> cache_bytes(const MachineFiles& files, const std::string& path) {
    const auto text = files.line(path);
    if (!text) return std::nullopt;
    const auto number = leading_number(*text);
    if (!number) return std::nullopt;
    if (text->ends_with('M')) return *number * 1024 * 1024;
    return text->ends_with('K') ? *number * 1024 : *number;
}

Facts cache_facts(const MachineFiles& files) {
    Facts facts;
    const std::string folder = "sys/devices/system/cpu/cpu0/cache";
    for (const std::string& name : files.names(folder)) {
        const std::string index = fmt::format("{}/{}", folder, name);
        const auto level = files.number(index + "/level");
        const auto type = files.line(index + "/type");
        const auto bytes = cache_bytes(files, index + "/size");
        if (!level || !bytes || !type || *type == "Instruction") continue;
        facts["cache.l" + std::to_string(*level) + "_bytes"] = *bytes;
    }
    return facts;
}

/// One line for all of the kernel's entries, the vulnerable ones by name: what differs between two arms is then seen at once.
std::string mitigations(const MachineFiles& files) {
    const std::string folder = "sys/devices/system/cpu/vulnerabilities";
    std::string text;
    for (const std::string& name : files.names(folder)) {
        const auto state = files.line(fmt::format("{}/{}", folder, name));
        if (!state || *state == "Not affected") continue;
        text.append(text.empty() ? "" : "; ").append(name).append(": ").append(*state);
    }
    return printable(text, 2048);
}

std::int64_t numa_nodes(const MachineFiles& files) {
    const auto names = files.names("sys/devices/system/node");
    return std::count_if(names.begin(), names.end(), [](const std::string& name) {
        return name.starts_with("node") && leading_number(name.substr(4)).has_value();
    });
}

std::int64_t memory_bytes(const MachineFiles& files) {
    const auto total = value_of(files.text("proc/meminfo"), "MemTotal", ':');
    return (total ? leading_number(*total).value_or(0) : 0) * 1024;
}

void put(Facts& facts, std::string_view key, const std::optional<std::string>& value) {
    if (value && !value->empty()) facts[std::string(key)] = *value;
}

}  // namespace

Facts cpu_identity(const Machine& machine) {
    Facts facts;
    put(facts, "cpu.model", value_of(machine.files.text("proc/cpuinfo"), "model name", ':'));
    facts["cpus"] = static_cast<std::int64_t>(machine.cpus.size());
    // MemTotal moves by some pages from boot to boot; what has to match is the size of the machine.
    constexpr std::int64_t step = std::int64_t{64} * 1024 * 1024;
    facts["memory_bytes"] = (memory_bytes(machine.files) + step / 2) / step * step;
    return facts;
}

Facts cpu_context(const Machine& machine) {
    const MachineFiles& files = machine.files;
    Facts facts;
    put(facts, "cpu.microcode", value_of(files.text("proc/cpuinfo"), "microcode", ':'));
    put(facts, "cpu.online", files.line("sys/devices/system/cpu/online"));
    put(facts, "cpu.smt", files.line("sys/devices/system/cpu/smt/control"));
    put(facts, "cpu.mitigations", mitigations(files));
    facts["memory.total_bytes"] = memory_bytes(files);
    if (const auto limit = files.number("sys/fs/cgroup/memory.max")) facts["memory.limit_bytes"] = *limit;
    facts["numa.nodes"] = numa_nodes(files);
    return facts;
}

Facts cpu_capabilities(const Machine& machine) {
    Facts facts = cache_facts(machine.files);
    facts["isa"] = isa_list(machine.files);
    if (!machine.recorded) {
        facts["timer.resolution_ns"] = machine.timer.resolution_ns;
        facts["timer.cost_ns"] = machine.timer.cost_ns;
    }
    return facts;
}

Facts library_capabilities(const Machine& machine) {
    Facts facts;
    for (const CpuLibrary& library : machine.libraries) {
        facts[fmt::format("library.{}", library.name)] = library.why.empty() ? library.version : library.why;
    }
    return facts;
}

}  // namespace passbench

#include <algorithm>
#include <array>
#include <cpuid.h>
#include <cstring>
#include <utility>
#include <windows.h>

#include <fmt/core.h>

#include "guest/probe/passthrough.hpp"
#include "guest/probe/probe.hpp"
#include "harness/core/open_library.hpp"
#include "harness/core/this_process.hpp"
#include "harness/core/windows_error.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/library_environment.hpp"
#include "kernels/cpu/pages.hpp"

namespace passbench {
namespace {

/// As Linux names the same processor, so that both are seen to be one.
std::string processor_name() {
    constexpr unsigned first_leaf = 0x80000002U;
    std::array<unsigned, 12> words{};
    for (unsigned leaf = 0; leaf < 3; ++leaf) {
        unsigned* const part = words.data() + std::size_t{4} * leaf;
        if (__get_cpuid(first_leaf + leaf, &part[0], &part[1], &part[2], &part[3]) == 0) return {};
    }
    std::string name(sizeof words, '\0');
    std::memcpy(name.data(), words.data(), sizeof words);
    return name.c_str();
}

/// Of the names that the probe shows, those that this program chooses its loops by.
std::string instruction_sets() {
    const CpuFeatures cpu = detect_cpu();
    std::string names = "sse2";
    if (cpu.avx2_fma) names += " avx avx2 fma";
    if (cpu.avx512) names += " avx512f avx512bw avx512dq avx512vl";
    return names;
}

/// Hyper-V lets its root partition make others (CPUID leaf 0x40000003, EBX bit 0), as its Functional Specification has it.
bool is_root_partition() {
    constexpr unsigned privileges_leaf = 0x40000003U;
    if (hypervisor_signature() != "Microsoft Hv") return false;
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    __cpuid(privileges_leaf, eax, ebx, ecx, edx);
    return (ebx & 1U) != 0;
}

struct Version {
    unsigned long major = 0;
    unsigned long minor = 0;
    unsigned long build = 0;
};

/// Not GetVersionEx, which tells a program without a manifest for it of an older Windows.
Version windows_version() {
    using GetVersion = LONG (*)(OSVERSIONINFOW*);
    OSVERSIONINFOW info{};
    info.dwOSVersionInfoSize = sizeof info;
    const HMODULE library = ::GetModuleHandleW(L"ntdll.dll");
    const auto get = library == nullptr ? nullptr : symbol<GetVersion>(library, "RtlGetVersion");
    if (get != nullptr) get(&info);
    return {.major = info.dwMajorVersion, .minor = info.dwMinorVersion, .build = info.dwBuildNumber};
}

/// Windows 11 calls itself 10 too; its builds begin at 22000.
std::string name_of(const Version& version) {
    constexpr unsigned long first_build_of_11 = 22000;
    if (version.major < 10) return fmt::format("Windows NT {}.{}.{}", version.major, version.minor, version.build);
    return fmt::format("Windows {} (build {})", version.build >= first_build_of_11 ? 11 : 10, version.build);
}

/// What main() sets for libraries, and nobody else did.
bool is_own_setting(std::string_view variable) {
    const std::vector<EnvironmentSetting> own = library_environment(detect_cpu());
    return std::any_of(own.begin(), own.end(), [variable](const EnvironmentSetting& setting) {
        return variable == std::string(setting.name) + "=" + setting.value;
    });
}

}  // namespace

MachineFiles files_of_this_machine() {
    const MachineSize size = machine_size();
    std::string cpuinfo;
    for (std::int64_t cpu = 0; cpu < size.cpus; ++cpu) {
        cpuinfo += fmt::format("processor\t: {}\nmodel name\t: {}\nflags\t\t: {}\n\n", cpu, processor_name(),
                               instruction_sets());
    }
    const Version version = windows_version();
    MachineFiles::Given files = {
        {"proc/cpuinfo", std::move(cpuinfo)},
        {"proc/meminfo", fmt::format("MemTotal: {} kB\nMemAvailable: {} kB\n", size.memory_bytes / 1024,
                                     available_memory_bytes().value_or(0) / 1024)},
        {"proc/sys/kernel/osrelease", fmt::format("{}.{}.{}\n", version.major, version.minor, version.build)},
        {"etc/os-release", fmt::format("ID=windows\nPRETTY_NAME=\"{}\"\n", name_of(version))},
    };
    if (is_root_partition()) files.emplace(root_partition_file, "1\n");
    return MachineFiles(std::move(files));
}

std::string own_environment() {
    wchar_t* const block = ::GetEnvironmentStringsW();
    if (block == nullptr) return {};
    std::string text;
    for (const wchar_t* variable = block; *variable != L'\0'; variable += std::wcslen(variable) + 1) {
        const std::string one = utf8_of_wide(variable);
        if (!is_own_setting(one)) text += one + '\0';
    }
    ::FreeEnvironmentStringsW(block);
    return text;
}

}  // namespace passbench

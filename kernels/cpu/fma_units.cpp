#include "kernels/cpu/fma_units.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace passbench {

namespace {

constexpr std::string_view intel = "GenuineIntel";
constexpr std::string_view amd = "AuthenticAMD";
// Reciprocal throughput of VFMADD213PS on ymm and zmm registers, and the execution units it may take.
constexpr std::string_view uops =
    "uops.info (VFMADD213PS); Agner Fog, The microarchitecture of Intel, AMD and VIA CPUs";
constexpr std::string_view ark = "Intel ARK (number of AVX-512 FMA units); uops.info (VFMADD213PS)";

constexpr auto table = std::to_array<FmaUnits>({
    {intel, 6, 0x3c, 0x3c, "", "Haswell", 2, 0, uops},
    {intel, 6, 0x3f, 0x3f, "", "Haswell-EP", 2, 0, uops},
    {intel, 6, 0x45, 0x46, "", "Haswell", 2, 0, uops},
    {intel, 6, 0x3d, 0x3d, "", "Broadwell", 2, 0, uops},
    {intel, 6, 0x47, 0x47, "", "Broadwell", 2, 0, uops},
    {intel, 6, 0x4f, 0x4f, "", "Broadwell-EP", 2, 0, uops},
    {intel, 6, 0x56, 0x56, "", "Broadwell-DE", 2, 0, uops},
    {intel, 6, 0x4e, 0x4e, "", "Skylake", 2, 0, uops},
    {intel, 6, 0x5e, 0x5e, "", "Skylake", 2, 0, uops},
    {intel, 6, 0x8e, 0x8e, "", "Kaby Lake, Coffee Lake", 2, 0, uops},
    {intel, 6, 0x9e, 0x9e, "", "Kaby Lake, Coffee Lake", 2, 0, uops},
    {intel, 6, 0xa5, 0xa6, "", "Comet Lake", 2, 0, uops},
    // Skylake-SP, Cascade Lake and Cooper Lake share a model; the cheaper ones have one 512-bit unit, and which ones is not a rule.
    {intel, 6, 0x55, 0x55, "Platinum", "Skylake-SP to Cooper Lake", 2, 2, ark},
    {intel, 6, 0x55, 0x55, "Gold 6", "Skylake-SP to Cooper Lake", 2, 2, ark},
    {intel, 6, 0x55, 0x55, "", "Skylake-SP to Cooper Lake", 2, 0, ark},
    {intel, 6, 0x6a, 0x6a, "", "Ice Lake-SP", 2, 2, ark},
    {intel, 6, 0x6c, 0x6c, "", "Ice Lake-D", 2, 0, ark},
    {intel, 6, 0x7d, 0x7e, "", "Ice Lake", 2, 1, uops},
    {intel, 6, 0x8c, 0x8d, "", "Tiger Lake", 2, 1, uops},
    {intel, 6, 0xa7, 0xa7, "", "Rocket Lake", 2, 1, uops},
    {intel, 6, 0x8f, 0x8f, "", "Sapphire Rapids", 2, 2, ark},
    {intel, 6, 0xcf, 0xcf, "", "Emerald Rapids", 2, 2, ark},
    {intel, 6, 0xad, 0xae, "", "Granite Rapids", 2, 2, ark},
    {intel, 6, 0x97, 0x97, "", "Alder Lake (Golden Cove)", 2, 0, uops},
    {intel, 6, 0x9a, 0x9a, "", "Alder Lake (Golden Cove)", 2, 0, uops},
    {intel, 6, 0xb7, 0xb7, "", "Raptor Lake (Raptor Cove)", 2, 0, uops},
    {intel, 6, 0xba, 0xba, "", "Raptor Lake (Raptor Cove)", 2, 0, uops},
    {intel, 6, 0xbf, 0xbf, "", "Raptor Lake (Raptor Cove)", 2, 0, uops},
    // Zen 1 splits 256-bit instructions in halves, Zen 4 splits 512-bit ones; Zen 5 does so only in its mobile parts.
    {amd, 0x17, 0x00, 0x2f, "", "Zen", 1, 0, "AMD Software Optimization Guide for family 17h (55723); uops.info"},
    {amd, 0x17, 0x30, 0xaf, "", "Zen 2", 2, 0, "AMD Software Optimization Guide for family 17h models 30h (56305)"},
    {amd, 0x19, 0x00, 0x0f, "", "Zen 3", 2, 0, "AMD Software Optimization Guide for family 19h (56665)"},
    {amd, 0x19, 0x20, 0x5f, "", "Zen 3", 2, 0, "AMD Software Optimization Guide for family 19h (56665)"},
    {amd, 0x19, 0x10, 0x1f, "", "Zen 4", 2, 1, "AMD Software Optimization Guide for Zen 4 (57647); uops.info"},
    {amd, 0x19, 0x60, 0x7f, "", "Zen 4", 2, 1, "AMD Software Optimization Guide for Zen 4 (57647); uops.info"},
    {amd, 0x19, 0xa0, 0xaf, "", "Zen 4c", 2, 1, "AMD Software Optimization Guide for Zen 4 (57647); uops.info"},
    {amd, 0x1a, 0x00, 0x1f, "", "Zen 5 (server)", 2, 2, "AMD Software Optimization Guide for Zen 5 (58455)"},
    {amd, 0x1a, 0x40, 0x4f, "", "Zen 5 (desktop)", 2, 2, "AMD Software Optimization Guide for Zen 5 (58455)"},
    {amd, 0x1a, 0x20, 0x2f, "", "Zen 5 (mobile)", 2, 0, "AMD Software Optimization Guide for Zen 5 (58455)"},
});

bool fits(const FmaUnits& row, const CpuFeatures& cpu) {
    return row.vendor == cpu.vendor && row.family == cpu.family && row.first_model <= cpu.model &&
           cpu.model <= row.last_model && cpu.brand.find(row.brand_word) != std::string::npos;
}

tl::unexpected<Error> unknown(const CpuFeatures& cpu, std::string why) {
    return fail({.code = ErrorCode::unsupported,
                 .what = "no limit: " + std::move(why),
                 .where = cpu.vendor + " family " + std::to_string(cpu.family) + " model " + std::to_string(cpu.model),
                 .fix = "Add the CPU to the table in kernels/cpu/fma_units.cpp, with the source of the number."});
}

}  // namespace

std::span<const FmaUnits> fma_units_table() { return table; }

Result<int> fma_units(const CpuFeatures& cpu, Isa isa) {
    if (isa == Isa::sse2)
        return unknown(cpu, "sse2 multiplies and adds apart, for which there are no numbers of units here");
    if (cpu.hybrid) return unknown(cpu, "this CPU has cores of two kinds, and which one runs a thread is not known");
    const auto* const row =
        std::ranges::find_if(table, [&](const FmaUnits& candidate) { return fits(candidate, cpu); });
    if (row == table.end()) return unknown(cpu, "the number of multiply-add units of this CPU is not known");
    const int units = isa == Isa::avx512 ? row->avx512 : row->avx2;
    if (units == 0) {
        return unknown(
            cpu, "the number of 512-bit multiply-add units of this CPU (" + std::string(row->core) + ") is not known");
    }
    return units;
}

LimitKind fma_limit_kind(const CpuFeatures& cpu, int cores, int threads) {
    return cores < threads && cpu.hypervisor ? LimitKind::measured : LimitKind::physical;
}

}  // namespace passbench

#include "kernels/cpu/isa.hpp"

#include <array>
#include <cpuid.h>
#include <cstdint>
#include <cstring>

namespace passbench {

namespace {

struct Leaf {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
};

/// All zero where the CPU does not have this leaf.
Leaf cpuid_leaf(unsigned number) {
    Leaf leaf;
    if (__get_cpuid_count(number, 0, &leaf.eax, &leaf.ebx, &leaf.ecx, &leaf.edx) == 0) return {};
    return leaf;
}

std::string text_of(const unsigned* words, std::size_t count) {
    std::string text(count * sizeof(unsigned), '\0');
    std::memcpy(text.data(), words, text.size());
    text.resize(std::strlen(text.c_str()));
    return text;
}

std::string detect_brand() {
    std::string brand;
    for (const unsigned number : {0x80000002U, 0x80000003U, 0x80000004U}) {
        const Leaf leaf = cpuid_leaf(number);
        const std::array<unsigned, 4> words = {leaf.eax, leaf.ebx, leaf.ecx, leaf.edx};
        brand += text_of(words.data(), words.size());
    }
    const auto first = brand.find_first_not_of(' ');
    const auto last = brand.find_last_not_of(' ');
    return first == std::string::npos ? std::string() : brand.substr(first, last - first + 1);
}

bool is_zen4(const CpuFeatures& cpu) {
    // Family 19h holds Zen 3 too, which has no AVX-512.
    return cpu.vendor == "AuthenticAMD" && cpu.family == 0x19 && cpu.avx512f;
}

}  // namespace

std::string_view to_string(Isa isa) {
    switch (isa) {
        case Isa::sse2:
            return "sse2";
        case Isa::avx2:
            return "avx2";
        case Isa::avx512:
            break;
    }
    return "avx512";
}

CpuFeatures detect_cpu() {
    CpuFeatures cpu;
    const Leaf zero = cpuid_leaf(0);
    const std::array<unsigned, 3> vendor = {zero.ebx, zero.edx, zero.ecx};
    cpu.vendor = text_of(vendor.data(), vendor.size());
    cpu.brand = detect_brand();
    const Leaf one = cpuid_leaf(1);
    const unsigned signature = one.eax;
    const unsigned family = (signature >> 8U) & 0xfU;
    cpu.family = static_cast<int>(family == 0xf ? family + ((signature >> 20U) & 0xffU) : family);
    cpu.model = static_cast<int>(((signature >> 4U) & 0xfU) | ((signature >> 12U) & 0xf0U));
    cpu.hypervisor = (one.ecx & (1U << 31U)) != 0;
    cpu.hybrid = (cpuid_leaf(7).edx & (1U << 15U)) != 0;
    // These ask the operating system too (XGETBV): a register that is not saved must not be used.
    __builtin_cpu_init();
    cpu.avx2_fma = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    cpu.avx512f = __builtin_cpu_supports("avx512f") != 0;
    return cpu;
}

bool supports(const CpuFeatures& cpu, Isa isa) {
    switch (isa) {
        case Isa::sse2:
            return true;  // part of x86-64
        case Isa::avx2:
            return cpu.avx2_fma;
        case Isa::avx512:
            break;
    }
    return cpu.avx512f;
}

Isa widest_isa(const CpuFeatures& cpu) {
    if (supports(cpu, Isa::avx512)) return Isa::avx512;
    return supports(cpu, Isa::avx2) ? Isa::avx2 : Isa::sse2;
}

Isa memory_isa(const CpuFeatures& cpu) {
    if (is_zen4(cpu) && supports(cpu, Isa::avx2)) return Isa::avx2;
    return widest_isa(cpu);
}

Isa gather_isa(const CpuFeatures& cpu) { return supports(cpu, Isa::avx2) ? Isa::avx2 : Isa::sse2; }

Result<Isa> choose_isa(std::string_view wanted, const CpuFeatures& cpu, Isa best) {
    if (wanted == "best") return best;
    for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
        if (wanted != to_string(isa)) continue;
        if (supports(cpu, isa)) return isa;
        return fail(
            {.code = ErrorCode::unsupported,
             .what = "isa = " + std::string(wanted) + " is asked for, but this CPU (" +
                     (cpu.brand.empty() ? cpu.vendor : cpu.brand) +
                     ") or its hypervisor does not offer it; it offers up to " +
                     std::string(to_string(widest_isa(cpu))),
             .fix = "Leave isa at best, or let the virtual machine see the whole CPU (a CPU model without masks)."});
    }
    return fail({.code = ErrorCode::usage,
                 .what = "isa = '" + std::string(wanted) + "' is not known",
                 .fix = "isa takes best, sse2, avx2 or avx512."});
}

}  // namespace passbench

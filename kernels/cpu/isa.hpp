// Which instruction sets this CPU has and which one a case gets. CPU features are data, so that tests can put another CPU
// here. Not for code paths inside a kernel: a kernel is compiled once for each instruction set (loops.hpp) and chosen whole.
#pragma once

#include <string>
#include <string_view>

#include "harness/core/result.hpp"

namespace passbench {

enum class Isa { sse2, avx2, avx512 };
[[nodiscard]] std::string_view to_string(Isa isa);

/// What CPUID and the operating system say about the CPU.
struct CpuFeatures {
    std::string vendor;  // GenuineIntel, AuthenticAMD
    std::string brand;   // as the CPU, or the hypervisor, names itself
    int family = 0;      // with the extended family added, as CPU makers write it: 25 is Zen 3 and 4
    int model = 0;       // with the extended model
    bool avx2_fma = false;
    bool avx512f = false;
    bool hybrid = false;      // cores of two kinds (CPUID 7.0 EDX bit 15)
    bool hypervisor = false;  // a guest's CPU (CPUID 1 ECX bit 31)
};
[[nodiscard]] CpuFeatures detect_cpu();

[[nodiscard]] bool supports(const CpuFeatures& cpu, Isa isa);

/// The widest one, for arithmetic.
[[nodiscard]] Isa widest_isa(const CpuFeatures& cpu);
/// The one that moves memory fastest: the widest, but avx2 on Zen 4, whose 512-bit stores take two passes (measured on one core
/// of an EPYC 9004: triad 34 instead of 29 GB/s with plain and 45 instead of 42 GB/s with non-temporal stores).
[[nodiscard]] Isa memory_isa(const CpuFeatures& cpu);

/// The one that takes elements from anywhere in memory fastest: not avx512, whose loops have gather instructions. Those are slow on
/// AMD's CPUs (with avx2's on Zen 3: 0.8 of the bandwidth of single loads) and on Intel's with the microcode against gather data
/// sampling.
[[nodiscard]] Isa gather_isa(const CpuFeatures& cpu);

/// `wanted` is best, sse2, avx2 or avx512, of which best stands for `best`. Error `unsupported` where the CPU lacks it.
[[nodiscard]] Result<Isa> choose_isa(std::string_view wanted, const CpuFeatures& cpu, Isa best);

}  // namespace passbench

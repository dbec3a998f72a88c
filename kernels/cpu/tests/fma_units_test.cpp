#include "kernels/cpu/fma_units.hpp"

#include <gtest/gtest.h>

namespace passbench {
namespace {

CpuFeatures cpu_of(const char* vendor, int family, int model, const char* brand = "") {
    return {.vendor = vendor, .brand = brand, .family = family, .model = model, .avx2_fma = true, .avx512 = true};
}

TEST(FmaUnits, KnownCpusHaveTheirMakersNumbers) {
    struct Known {
        CpuFeatures cpu;
        int avx2;
        int avx512;
    };
    for (const auto& [cpu, avx2, avx512] : {
             Known{cpu_of("AuthenticAMD", 0x19, 0x11), 2, 1},  // Zen 4: 512-bit in halves
             Known{cpu_of("AuthenticAMD", 0x1a, 0x02), 2, 2},  // Zen 5 server
             Known{cpu_of("GenuineIntel", 6, 0x8f), 2, 2},     // Sapphire Rapids
             Known{cpu_of("GenuineIntel", 6, 0x7e), 2, 1},     // Ice Lake client
             Known{cpu_of("GenuineIntel", 6, 0x55, "Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz"), 2, 2},
         }) {
        EXPECT_EQ(fma_units(cpu, Isa::avx2).value(), avx2);
        EXPECT_EQ(fma_units(cpu, Isa::avx512).value(), avx512);
    }
    EXPECT_EQ(fma_units(cpu_of("AuthenticAMD", 0x17, 0x01), Isa::avx2).value(), 1);  // Zen: 256-bit in halves
}

TEST(FmaUnits, WhereTheNumberIsNotCertainThereIsNoneButAReason) {
    // A Xeon of this model may have one 512-bit unit or two, and this brand does not tell.
    const auto skylake = fma_units(cpu_of("GenuineIntel", 6, 0x55, "Intel Xeon Processor (Skylake)"), Isa::avx512);
    ASSERT_FALSE(skylake);
    EXPECT_EQ(
        skylake.error().what,
        "no limit: the number of 512-bit multiply-add units of this CPU (Skylake-SP to Cooper Lake) is not known");
    const auto unknown = fma_units(cpu_of("GenuineIntel", 19, 1), Isa::avx2);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().where, "GenuineIntel family 19 model 1");
    EXPECT_FALSE(fma_units(cpu_of("AuthenticAMD", 0x19, 0x11), Isa::sse2));
}

TEST(FmaUnits, AHybridCpuHasNoOneNumber) {
    CpuFeatures cpu = cpu_of("GenuineIntel", 6, 0x97);
    EXPECT_TRUE(
        fma_units(cpu, Isa::avx2));  // a guest that sees no efficiency cores: the limit is that of the large ones
    cpu.hybrid = true;
    EXPECT_FALSE(fma_units(cpu, Isa::avx2));
}

TEST(FmaLimitKind, AGuestThatIsToldOfSharedCoresCannotExceedWhatItDoesNotKnow) {
    CpuFeatures cpu = cpu_of("GenuineIntel", 6, 0x8f);
    EXPECT_EQ(fma_limit_kind(cpu, 2, 4), LimitKind::physical);  // on bare metal siblings are siblings
    cpu.hypervisor = true;
    EXPECT_EQ(fma_limit_kind(cpu, 2, 4), LimitKind::measured);
    EXPECT_EQ(fma_limit_kind(cpu, 4, 4), LimitKind::physical);
}

TEST(FmaUnits, EveryRowHasItsSourceAndCanBeReached) {
    for (const FmaUnits& row : fma_units_table()) {
        EXPECT_FALSE(row.source.empty()) << row.core;
        EXPECT_LE(row.first_model, row.last_model) << row.core;
        const CpuFeatures cpu =
            cpu_of(std::string(row.vendor).c_str(), row.family, row.first_model, std::string(row.brand_word).c_str());
        EXPECT_EQ(fma_units(cpu, Isa::avx2).value(), row.avx2) << row.core;
        if (row.avx512 != 0) {
            EXPECT_EQ(fma_units(cpu, Isa::avx512).value(), row.avx512) << row.core;
        }
    }
}

}  // namespace
}  // namespace passbench

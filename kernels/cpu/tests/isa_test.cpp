#include "kernels/cpu/isa.hpp"

#include <gtest/gtest.h>

#include "kernels/cpu/target.hpp"

namespace passbench {
namespace {

CpuFeatures epyc() {
    return {.vendor = "AuthenticAMD",
            .brand = "AMD EPYC 9334",
            .family = 0x19,
            .model = 0x11,
            .avx2_fma = true,
            .avx512 = true};
}

CpuFeatures old_pentium() {
    return {.vendor = "GenuineIntel", .brand = "Intel Pentium G3220", .family = 6, .model = 0x3c};
}

TEST(ChooseIsa, BestIsWhatTheWorkloadSaysItIs) {
    EXPECT_EQ(choose_isa("best", epyc(), Isa::avx2).value(), Isa::avx2);
    EXPECT_EQ(choose_isa("best", epyc(), widest_isa(epyc())).value(), Isa::avx512);
}

TEST(ChooseIsa, AnInstructionSetThatTheCpuLacksIsUnsupportedInClearWords) {
    const auto chosen = choose_isa("avx512", old_pentium(), Isa::sse2);
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code, ErrorCode::unsupported);
    EXPECT_EQ(
        chosen.error().what,
        "isa = avx512 is asked for, but this CPU (Intel Pentium G3220) or its hypervisor does not offer it; it offers "
        "up to sse2");
    EXPECT_FALSE(chosen.error().fix.empty());
}

TEST(ChooseIsa, EveryCpuHasSse2) { EXPECT_EQ(choose_isa("sse2", old_pentium(), Isa::sse2).value(), Isa::sse2); }

TEST(ChooseIsa, AnUnknownWordIsAMistakeOfTheCaller) {
    EXPECT_EQ(choose_isa("avx1024", epyc(), Isa::sse2).error().code, ErrorCode::usage);
}

TEST(WidestIsa, GoesDownWithWhatIsMasked) {
    CpuFeatures cpu = epyc();
    EXPECT_EQ(widest_isa(cpu), Isa::avx512);
    cpu.avx512 = false;
    EXPECT_EQ(widest_isa(cpu), Isa::avx2);
    cpu.avx2_fma = false;
    EXPECT_EQ(widest_isa(cpu), Isa::sse2);
}

TEST(MemoryIsa, Zen4MovesMemoryFasterInHalves) {
    EXPECT_EQ(memory_isa(epyc()), Isa::avx2);
    CpuFeatures xeon = epyc();
    xeon.vendor = "GenuineIntel";
    xeon.family = 6;
    EXPECT_EQ(memory_isa(xeon), Isa::avx512);
    EXPECT_EQ(memory_isa(old_pentium()), Isa::sse2);
}

TEST(DetectCpu, KnowsThisCpuByNameAndAgreesWithTheCompilersWords) {
    const CpuFeatures cpu = detect_cpu();
    EXPECT_FALSE(cpu.vendor.empty());
    EXPECT_GT(cpu.family, 0);
    EXPECT_EQ(supports(cpu, Isa::avx2), __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0);
}

TEST(ResolveTarget, AllThreadsAreThoseOfTheTrial) {
    const Parameters parameters = {{"isa", "best"}, {"threads", "all"}};
    const auto target = resolve_target(parameters, 6, epyc(), Isa::avx2);
    ASSERT_TRUE(target);
    EXPECT_EQ(target->threads, 6);
    EXPECT_EQ(target->isa, Isa::avx2);
}

TEST(ResolveTarget, AMaskedInstructionSetSkipsTheCase) {
    const auto target = resolve_target({{"isa", "avx2"}, {"threads", "all"}}, 6, old_pentium(), Isa::sse2);
    ASSERT_FALSE(target);
    EXPECT_EQ(target.error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace passbench

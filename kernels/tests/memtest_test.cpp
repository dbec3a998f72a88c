// What memtest does to memory and what it says of it where it is broken, or not where it should be: on the stand-in, by its fault file.
#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/records/memory_facts.hpp"
#include "kernels/cpu/buffer.hpp"
#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/loops.hpp"
#include "kernels/cpu/memtest_inputs.hpp"
#include "kernels/tests/fault_plan.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

constexpr std::int64_t mib = 1 << 20;

ThreadPool& pool() {
    static ThreadPool shared(usable_cpus());
    return shared;
}

PreparedCase prepare(Form form, const Parameters& given, const std::string& passthrough = "native") {
    const auto complete = complete_parameters(*find_workload("memtest"), form, given);
    EXPECT_TRUE(complete) << (complete ? "" : complete.error().what);
    return find_workload_form("memtest", form)
        ->prepare(*complete,
                  {.pool = pool(), .seed = 7, .driver = {.library = PASSBENCH_STAND_IN, .passthrough = passthrough}});
}

/// The facts after verifying, iterating and looking at residency, as a trial does it.
Facts facts_of(WorkloadInstance& instance) {
    const auto verified = instance.verify();
    EXPECT_TRUE(verified) << (verified ? "" : to_text(verified.error()));
    instance.iterate();
    EXPECT_TRUE(instance.limit());
    EXPECT_TRUE(instance.fetch_results());
    EXPECT_TRUE(instance.check_results()) << "an error of the memory is none of the test";
    return instance.facts();
}

Parameters pattern_and_bytes(std::string_view pattern, std::int64_t bytes) {
    return {{"pattern", std::string(pattern)}, {"bytes", bytes}, {"rest", std::int64_t{0}}};
}

TEST(MemtestInputs, SumIsThatOfTheWords) {
    for (const std::string_view pattern : memtest_patterns) {
        for (const MemtestPass& pass : memtest_passes(pattern, 7)) {
            if (!pass.expected) continue;
            for (const auto& [begin, end] : {std::pair<std::uint64_t, std::uint64_t>{0, 1}, {3, 3}, {19, 1021}}) {
                std::uint64_t sum = 0;
                for (std::uint64_t i = begin; i < end; ++i) sum += memtest_word(*pass.expected, i) + memtest_salt;
                EXPECT_EQ(memtest_sum(*pass.expected, begin, end), sum) << pattern;
            }
        }
    }
}

TEST(MemtestInputs, EveryPassExpectsWhatTheOneBeforeLeft) {
    for (const std::string_view pattern : memtest_patterns) {
        const auto passes = memtest_passes(pattern, 7);
        ASSERT_GE(passes.size(), 4U);
        EXPECT_FALSE(passes.front().expected) << pattern;
        std::optional<MemtestContent> there = passes.front().written;
        for (std::size_t i = 1; i < passes.size(); ++i) {
            ASSERT_TRUE(passes[i].expected) << pattern;
            for (const std::uint64_t word : {0U, 1U, 19U, 20U, 12345U}) {
                EXPECT_EQ(memtest_word(*passes[i].expected, word), memtest_word(*there, word)) << pattern << " " << i;
            }
            if (passes[i].written) there = passes[i].written;
        }
        EXPECT_FALSE(passes[passes.size() - 2].written) << "the first read of the last content";
        EXPECT_FALSE(passes.back().written) << "the second read";
    }
}

TEST(MemtestInputs, EveryBitIsOnceZeroAndOnceOneInEachPattern) {
    for (const std::string_view pattern : memtest_patterns) {
        for (const std::uint64_t word : {0U, 7U, 12345U}) {
            std::uint64_t ones = 0;
            std::uint64_t zeros = 0;
            for (const MemtestPass& pass : memtest_passes(pattern, 7)) {
                if (!pass.expected) continue;
                ones |= memtest_word(*pass.expected, word);
                zeros |= ~memtest_word(*pass.expected, word);
            }
            EXPECT_EQ(ones, ~std::uint64_t{0}) << pattern;
            EXPECT_EQ(zeros, ~std::uint64_t{0}) << pattern;
        }
    }
}

TEST(MemtestInputs, CatalogueCountsTheTransfersThatThePassesMake) {
    const Workload& workload = *find_workload("memtest");
    for (const std::string_view pattern : memtest_patterns) {
        std::int64_t transfers = 0;
        for (const MemtestPass& pass : memtest_passes(pattern, 7)) {
            transfers += (pass.expected ? 1 : 0) + (pass.written ? 1 : 0);
        }
        const auto complete = complete_parameters(workload, Form::cpu, {{"pattern", std::string(pattern)}});
        EXPECT_EQ(workload.work(*complete).bytes, 8 * transfers) << pattern;
    }
}

TEST(MemtestLoops, WriteAndReadTheWordsThatTheInputsSayFromAnyWordOn) {
    constexpr std::size_t count = 517;
    alignas(64) std::uint64_t words[count + 3];
    for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512}) {
        if (!supports(detect_cpu(), isa)) continue;
        const LoopTable& loops = loops_of(isa);
        for (const std::string_view pattern : memtest_patterns) {
            for (const MemtestPass& pass : memtest_passes(pattern, 7)) {
                if (!pass.written) continue;
                for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{13}, std::uint64_t{1} << 33U}) {
                    for (const MemtestWrite write : loops.memtest_write) {
                        std::ranges::fill(words, 0);
                        write(*pass.written, first, words, count);
                        for (std::size_t i = 0; i < count; ++i) {
                            ASSERT_EQ(words[i], memtest_word(*pass.written, first + i)) << pattern << " word " << i;
                        }
                        EXPECT_EQ(words[count], 0U);
                    }
                    MemtestSeen seen = loops.memtest_read(*pass.written, first, words, count);
                    EXPECT_EQ(seen.wrong, 0U);
                    EXPECT_EQ(seen.sum, memtest_sum(*pass.written, first, first + count));
                    for (const std::size_t at : {std::size_t{0}, std::size_t{101}, count - 1}) {
                        words[at] ^= 0x10;
                        EXPECT_EQ(loops.memtest_read(*pass.written, first, words, count).wrong, 0x10U) << at;
                        words[at] ^= 0x10;
                    }
                }
            }
        }
    }
}

TEST(Memtest, GoodMemoryHasNoErrorAndACoverage) {
    const FaultPlan plan("memory = 134217728\n");
    const auto instance = prepare(Form::cuda, pattern_and_bytes("random", 8 * mib));
    ASSERT_TRUE(instance) << to_text(instance.error());
    const Facts facts = facts_of(**instance);
    EXPECT_EQ(fact_int(facts, memory_fact::errors), 0);
    EXPECT_EQ(fact_int(facts, memory_fact::tested_bytes), 8 * mib);
    EXPECT_EQ(fact_int(facts, memory_fact::resident_bytes), 8 * mib);
    EXPECT_EQ(fact_int(facts, memory_fact::total_bytes), 128 * mib);
    EXPECT_EQ(fact_double(facts, memory_fact::coverage), 1.0 / 16);
    EXPECT_FALSE(facts.contains(memory_fact::unproved)) << to_string(facts.find(memory_fact::unproved)->second);
    EXPECT_FALSE(facts.contains(memory_fact::stopped));
}

TEST(Memtest, AStuckBitIsFoundByEveryPatternWithItsPlace) {
    const FaultPlan plan("stuck_bit_at = 200000\n");  // in every piece, and not where errors are planted
    for (const std::string_view pattern : memtest_patterns) {
        SCOPED_TRACE(pattern);
        const auto instance = prepare(Form::cuda, pattern_and_bytes(pattern, 4 * mib));
        ASSERT_TRUE(instance) << to_text(instance.error());
        const Facts facts = facts_of(**instance);
        EXPECT_GT(fact_int(facts, memory_fact::errors).value_or(0), 0);
        const std::string first = fact_text(facts, "memory.error.1").value_or("");
        EXPECT_THAT(first, HasSubstr("byte 200000 of piece "));
        EXPECT_THAT(first, HasSubstr("wrong bits 0x0000000000000001"));
        EXPECT_THAT(first, HasSubstr("in pass "));
    }
}

TEST(Memtest, WhatLiesInTheHostsMemoryDoesNotCountAsCovered) {
    // Natively nobody proves an allocation, so the test has to notice. What it notes takes less than half of a piece.
    const FaultPlan plan("memory = 134217728\nresident = 6291456\n");
    const auto instance = prepare(Form::cuda, pattern_and_bytes("address", 8 * mib));
    ASSERT_TRUE(instance) << to_text(instance.error());
    const Facts facts = facts_of(**instance);
    EXPECT_EQ(fact_int(facts, memory_fact::tested_bytes), 8 * mib);
    EXPECT_EQ(fact_int(facts, memory_fact::resident_bytes), 6 * mib);
    EXPECT_EQ(fact_double(facts, memory_fact::coverage), 6.0 / 128);
    EXPECT_THAT(fact_text(facts, memory_fact::unproved).value_or(""), HasSubstr("4 of 16 pieces are read at"));
    EXPECT_EQ(fact_int(facts, memory_fact::errors), 0);
}

TEST(Memtest, MemoryThatFitsTheCacheProvesNothing) {
    const auto instance = prepare(Form::cuda, pattern_and_bytes("address", mib));
    ASSERT_TRUE(instance) << to_text(instance.error());
    const Facts facts = facts_of(**instance);
    EXPECT_EQ(fact_int(facts, memory_fact::resident_bytes), 0);
    EXPECT_THAT(fact_text(facts, memory_fact::unproved).value_or(""), HasSubstr("under 2 x 2 MiB of L2 cache"));
}

TEST(Memtest, AShareOfWhatIsFreeStopsWhereTheRulesDo) {
    const FaultPlan plan("memory = 67108864\nmemory_used = 16777216\n");
    const auto native = prepare(Form::cuda, {{"pattern", "address"}, {"bytes", "share"}, {"share", std::int64_t{25}}});
    ASSERT_TRUE(native) << to_text(native.error());
    EXPECT_EQ((*native)->ops(), 12 * mib / 8);
    const auto most = prepare(Form::cuda, {{"pattern", "address"}, {"bytes", "share"}, {"share", std::int64_t{95}}});
    ASSERT_TRUE(most) << to_text(most.error());
    EXPECT_LE((*most)->ops() * 8, 48 * mib * 95 / 100);
    EXPECT_GT((*most)->ops() * 8, 24 * mib);
}

TEST(Memtest, MoreThanTheRulesAllowIsRefusedWhereASizeIsGiven) {
    const FaultPlan plan("memory = 8388608\n");
    const auto instance = prepare(Form::cuda, pattern_and_bytes("address", 8 * mib));
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::out_of_memory);
    EXPECT_EQ(instance.error().finding, "gpu.head_room");
}

TEST(Memtest, UnderGpuPvItStopsAtTheFirstPieceThatIsNotOnTheCardAndSaysSo) {
    const FaultPlan plan("memory = 2147483648\nresident = 220200960\n");
    const auto instance =
        prepare(Form::cuda, {{"pattern", "address"}, {"bytes", "share"}, {"share", std::int64_t{60}}}, "gpupv");
    ASSERT_TRUE(instance) << to_text(instance.error());
    const Facts facts = (*instance)->facts();
    EXPECT_LE(fact_int(facts, memory_fact::tested_bytes).value_or(0), 240 * mib);
    EXPECT_GT(fact_int(facts, memory_fact::tested_bytes).value_or(0), 70 * mib);
    EXPECT_THAT(fact_text(facts, memory_fact::stopped).value_or(""), HasSubstr("under GPU-PV"));
}

TEST(Memtest, OfThisMachineHasNoCoverageOfACard) {
    const auto instance = prepare(Form::cpu, pattern_and_bytes("random", 300'008));
    ASSERT_TRUE(instance) << to_text(instance.error());
    const Facts facts = facts_of(**instance);
    EXPECT_EQ(fact_int(facts, memory_fact::errors), 0);
    EXPECT_EQ(fact_int(facts, memory_fact::tested_bytes), 300'008);
    EXPECT_FALSE(facts.contains(memory_fact::coverage));
}

TEST(Memtest, TakesAShareOfTheMemoryThatThisMachineHasAvailable) {
    const auto instance = prepare(Form::cpu, {{"pattern", "address"}, {"bytes", "share"}, {"share", std::int64_t{1}}});
    ASSERT_TRUE(instance) << to_text(instance.error());
    EXPECT_NEAR(static_cast<double>((*instance)->ops() * 8),
                static_cast<double>(available_memory_bytes().value()) / 100,
                static_cast<double>(available_memory_bytes().value()) / 400);
}

}  // namespace
}  // namespace passbench

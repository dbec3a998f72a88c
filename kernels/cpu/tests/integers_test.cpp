// The workloads over 32-bit integers: their inputs, and what the sizes of the contract tests are too small for.
#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/byte_counts.hpp"
#include "kernels/cpu/radix.hpp"
#include "kernels/cpu/sort_inputs.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

constexpr std::uint64_t integers_seed = 20260115;

std::vector<std::uint32_t> integers(std::size_t count, Skew skew = Skew::uniform) {
    std::vector<std::uint32_t> values(count);
    IntegerInputs(integers_seed, skew).fill(values, {.begin = 0, .end = count});
    return values;
}

TEST(IntegerInputs, SkewedOnesFallIntoOneBinThreeTimesInFive) {
    constexpr std::size_t count = 100'000;
    const Counts counts = count_high_bytes(integers(count, Skew::skewed));
    EXPECT_NEAR(counts[0], 0.597 * count, 0.01 * count);
    for (const std::uint32_t of_bin : count_high_bytes(integers(count))) EXPECT_NEAR(of_bin, count / 256.0, 120);
}

TEST(CountHighBytes, CountsEveryIntegerOfAnyLength) {
    for (const std::size_t count : {0U, 1U, 15U, 16U, 17U, 1000U}) {
        const std::vector<std::uint32_t> values = integers(count);
        Counts right{};
        for (const std::uint32_t value : values) ++right[value >> 24U];
        EXPECT_EQ(count_high_bytes(values), right) << count;
    }
}

TEST(SortInputs, AreAPermutationOfGrowingKeys) {
    for (const std::size_t count : {1024U, 1025U, 5000U, 8191U}) {
        const SortInputs inputs(integers_seed, count);
        std::vector<std::uint32_t> keys(count);
        inputs.fill(keys, {.begin = 0, .end = count});
        EXPECT_FALSE(std::ranges::is_sorted(keys));
        std::ranges::sort(keys);
        for (std::size_t k = 0; k < count; ++k) ASSERT_EQ(keys[k], inputs.sorted_key(k)) << k << " of " << count;
        EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
    }
}

TEST(SortInputs, ReachOverTheWholeRangeAtTheLargestSize) {
    constexpr std::size_t count = std::size_t{1} << 30;
    const SortInputs inputs(integers_seed, count);
    EXPECT_LT(inputs.sorted_key(0), 4U);
    EXPECT_GE(inputs.sorted_key(count - 1), 0xfffffffcU);
    EXPECT_LT(inputs.order_of(count - 1), count);
}

/// As sort does it, with so many workers one after the other.
std::vector<std::uint32_t> sorted_by(const RadixSort& radix, std::span<const std::uint32_t> keys, Stores stores,
                                     int workers) {
    struct alignas(64) Line {
        std::uint32_t keys[16];
    };
    std::vector<Line> sorted_lines(keys.size() / 16 + 1);
    std::vector<Line> other_lines(sorted_lines.size());
    const std::span sorted(sorted_lines.front().keys, keys.size());
    const std::span other(other_lines.front().keys, keys.size());
    const auto keys_of = [&](int worker) {
        const auto [begin, end] = share_of(keys.size(), worker, workers);
        return keys.subspan(begin, end - begin);
    };
    std::vector<std::vector<std::uint32_t>> places(static_cast<std::size_t>(workers),
                                                   std::vector<std::uint32_t>(radix.parts));
    for (int worker = 0; worker < workers; ++worker) {
        radix.count(keys_of(worker), places[static_cast<std::size_t>(worker)].data());
    }
    std::vector<std::uint32_t> begins;
    std::uint32_t before = 0;
    for (std::size_t part = 0; part < radix.parts; ++part) {
        begins.push_back(before);
        for (auto& of_worker : places) before += std::exchange(of_worker[part], before);
    }
    begins.push_back(before);
    for (int worker = 0; worker < workers; ++worker) {
        radix.divide(keys_of(worker), (radix.parts_begin_in_other ? other : sorted).data(),
                     places[static_cast<std::size_t>(worker)].data(), stores);
    }
    for (std::size_t part = 0; part < radix.parts; ++part) {
        const std::size_t size = begins[part + 1] - begins[part];
        radix.sort_part(other.subspan(begins[part], size), sorted.subspan(begins[part], size));
    }
    return {sorted.begin(), sorted.end()};
}

TEST(RadixSort, SortsKeysOfAnyKindAtEverySizeOfParts) {
    constexpr std::size_t count = 50'021;
    std::vector<std::uint32_t> low_bits = integers(count);
    for (std::uint32_t& key : low_bits) key >>= 12U;  // few parts, of many keys
    std::vector<std::uint32_t> ends(count);
    for (std::size_t i = 0; i < count; ++i) ends[i] = i % 3 == 0 ? ~std::uint32_t{0} : 0;
    const std::vector<std::vector<std::uint32_t>> kinds = {integers(count), integers(count, Skew::skewed), low_bits,
                                                           ends, std::vector<std::uint32_t>(count, 42)};
    for (const RadixSort* radix : {&radix_sort_of(1), &radix_sort_of(std::size_t{1} << 30)}) {
        for (const std::vector<std::uint32_t>& keys : kinds) {
            for (const Stores stores : {Stores::plain, Stores::nontemporal}) {
                std::vector<std::uint32_t> right = keys;
                std::ranges::sort(right);
                EXPECT_EQ(sorted_by(*radix, keys, stores, 3), right) << radix->parts << " parts";
            }
        }
    }
}

/// At sizes where the workers of scan have many chunks each, and sort the larger number of parts.
TEST(LargeIntegers, AreScannedAndSortedRight) {
    const std::vector<int> usable = usable_cpus();
    ThreadPool pool({usable.front(), usable.back(), usable.front()});
    for (const auto& [workload, bytes] : {std::pair("scan", (3 << 20) + 4), std::pair("sort", (16 << 20) + 4)}) {
        for (const char* stores : {"plain", "nontemporal"}) {
            const auto complete = complete_parameters(*find_workload(workload), Form::cpu,
                                                      {{"bytes", std::int64_t{bytes}}, {"stores", stores}});
            ASSERT_TRUE(complete);
            const auto instance =
                find_workload_form(workload, Form::cpu)->prepare(*complete, {.pool = pool, .seed = integers_seed});
            ASSERT_TRUE(instance);
            const auto verified = (*instance)->verify();
            EXPECT_TRUE(verified) << verified.error().what;
            (*instance)->iterate();
            EXPECT_TRUE((*instance)->check_results());
        }
    }
}

}  // namespace
}  // namespace passbench

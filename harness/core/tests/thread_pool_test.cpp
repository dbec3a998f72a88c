#include "harness/core/thread_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <sched.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace passbench {
namespace {

/// `count` workers on the CPUs there are, several to a CPU if need be.
std::vector<int> cpus_for(int count) {
    const std::vector<int> usable = usable_cpus();
    std::vector<int> result;
    result.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) result.push_back(usable[static_cast<std::size_t>(i) % usable.size()]);
    return result;
}

TEST(ThreadPool, RunsTheWorkOnceOnEveryWorkerAndTheCallerIsWorkerZero) {
    ThreadPool pool(cpus_for(4));
    std::vector<int> calls(4, 0);
    std::thread::id zero;
    pool.run([&](int worker) {
        ++calls[static_cast<std::size_t>(worker)];
        if (worker == 0) zero = std::this_thread::get_id();
    });
    EXPECT_EQ(calls, std::vector<int>(4, 1));
    EXPECT_EQ(zero, std::this_thread::get_id());
}

TEST(ThreadPool, ReturnsOnlyWhenAllWorkersHaveReturned) {
    ThreadPool pool(cpus_for(3));
    std::vector<long> sums(3, 0);  // not atomic: the pool itself must order these writes before the reads
    for (long round = 1; round <= 2000; ++round) {
        pool.run([&](int worker) { sums[static_cast<std::size_t>(worker)] += round; });
        ASSERT_EQ(sums, std::vector<long>(3, round * (round + 1) / 2));
    }
}

TEST(ThreadPool, ASubsetLeavesTheOtherWorkersAlone) {
    ThreadPool pool(cpus_for(4));
    std::vector<int> calls(4, 0);
    for (int workers : {2, 4, 1, 3}) {
        pool.run(workers, [&](int worker) { ++calls[static_cast<std::size_t>(worker)]; });
    }
    EXPECT_EQ(calls, (std::vector<int>{4, 3, 2, 1}));
}

TEST(ThreadPool, WakesWorkersThatHaveGoneToSleep) {
    ThreadPool pool(cpus_for(2));
    std::atomic<int> calls = 0;
    for (int round = 0; round < 5; ++round) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));  // a hundred times as long as they spin
        pool.run([&](int) { ++calls; });
    }
    EXPECT_EQ(calls, 10);
}

TEST(ThreadPool, SleepsUntilASlowWorkerIsDone) {
    ThreadPool pool(cpus_for(2));
    bool done = false;
    pool.run([&](int worker) {
        if (worker == 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        done = true;
    });
    EXPECT_TRUE(done);
}

TEST(ThreadPool, AnIdlePoolTakesNoCpuTime) {
    ThreadPool pool(cpus_for(3));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const std::clock_t before = std::clock();  // of all threads of the process
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const double used_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    EXPECT_LT(used_seconds, 0.1);
}

TEST(ThreadPool, PinsEachWorkerToItsCpu) {
    const std::vector<int> cpus = usable_cpus();
    ThreadPool pool(cpus);
    ASSERT_TRUE(pool.pinned());
    EXPECT_EQ(pool.cpus(), cpus);
    std::vector<int> ran_on(cpus.size(), -1);
    pool.run([&](int worker) { ran_on[static_cast<std::size_t>(worker)] = sched_getcpu(); });
    EXPECT_EQ(ran_on, cpus);
}

TEST(ThreadPool, SaysWhenACpuCannotBeHad) {
    const ThreadPool pool({usable_cpus().front(), 100'000});
    EXPECT_FALSE(pool.pinned());
}

TEST(ThreadPool, GivesTheCallerItsCpusBack) {
    const std::vector<int> before = usable_cpus();
    {
        const ThreadPool pool({before.front()});
        EXPECT_EQ(usable_cpus(), std::vector<int>{before.front()});
    }
    EXPECT_EQ(usable_cpus(), before);
}

TEST(MayRunOn, ThreadsThatAreStartedMeanwhileMayRunOnAllTheseCpusAndTheCallerStaysPinned) {
    const std::vector<int> all = usable_cpus();
    const ThreadPool pool(all);
    const auto cpus_of_a_new_thread = [] {
        std::vector<int> cpus;
        std::thread([&] { cpus = usable_cpus(); }).join();
        return cpus;
    };
    ASSERT_EQ(cpus_of_a_new_thread(), std::vector<int>{all.front()}) << "what a library would inherit";
    {
        const MayRunOn wide(pool.cpus());
        EXPECT_EQ(cpus_of_a_new_thread(), all);
    }
    EXPECT_EQ(usable_cpus(), std::vector<int>{all.front()});
}

TEST(ShareOf, SharesCoverTheWholeInOrderWithoutOverlap) {
    for (const std::size_t count : {0UL, 1UL, 7UL, 8UL, 1000UL, 1001UL}) {
        for (const int workers : {1, 2, 3, 7, 64}) {
            for (const std::size_t grain : {1UL, 8UL, 64UL}) {
                std::size_t next = 0;
                for (int worker = 0; worker < workers; ++worker) {
                    const Share share = share_of(count, worker, workers, grain);
                    ASSERT_EQ(share.begin, next);
                    ASSERT_LE(share.begin, share.end);
                    ASSERT_TRUE(share.begin % grain == 0 || share.begin == count);
                    next = share.end;
                }
                ASSERT_EQ(next, count);
            }
        }
    }
}

TEST(ShareOf, SharesDifferByAtMostOneGrain) {
    for (const std::size_t count : {1000UL, 1001UL, 999'999UL}) {
        for (const int workers : {2, 3, 7}) {
            std::size_t smallest = count;
            std::size_t largest = 0;
            for (int worker = 0; worker < workers; ++worker) {
                const Share share = share_of(count, worker, workers, 8);
                smallest = std::min(smallest, share.end - share.begin);
                largest = std::max(largest, share.end - share.begin);
            }
            EXPECT_LE(largest - smallest, 8U) << count << " among " << workers;
        }
    }
}

TEST(ShareOf, HoldsForCountsNearTheEndOfTheRange) {
    const std::size_t count = SIZE_MAX - 5;
    EXPECT_EQ(share_of(count, 0, 3).begin, 0U);
    EXPECT_EQ(share_of(count, 2, 3).end, count);
    EXPECT_EQ(share_of(count, 0, 3).end, share_of(count, 1, 3).begin);
}

TEST(UsableCpus, AreAscendingAndHoldTheOneWeRunOn) {
    const std::vector<int> cpus = usable_cpus();
    EXPECT_TRUE(std::ranges::is_sorted(cpus));
    EXPECT_TRUE(std::ranges::find(cpus, sched_getcpu()) != cpus.end());
}

}  // namespace
}  // namespace passbench

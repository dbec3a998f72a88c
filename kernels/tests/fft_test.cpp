// The own transforms at every size that they have, with a last block that is not full, on the stand-in driver; and bad input of fft.
// For all tests of this program: what FFTW finds out is kept in a folder that goes away, and not in the user's cache.
#include <cstdlib>
#include <optional>

#include <gtest/gtest.h>

#include "harness/core/tests/temp_folder.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

class TemporaryCache : public testing::Environment {
public:
    void SetUp() override { setenv("XDG_CACHE_HOME", folder_.emplace().path().c_str(), 1); }
    void TearDown() override { folder_.reset(); }

private:
    std::optional<TempFolder> folder_;
};

const auto* const temporary_cache = testing::AddGlobalTestEnvironment(new TemporaryCache);  // GoogleTest deletes it

PreparedCase prepare(std::int64_t size, std::int64_t batch, ThreadPool& pool, const char* dims = "1d") {
    const auto complete = complete_parameters(*find_workload("fft"), Form::cuda,
                                              {{"by", "own"}, {"dims", dims}, {"size", size}, {"batch", batch}});
    EXPECT_TRUE(complete);
    return find_workload_form("fft", Form::cuda)
        ->prepare(*complete, {.pool = pool, .seed = 3, .driver = {.library = PASSBENCH_STAND_IN, .seed = 3}});
}

TEST(OwnFft, IsRightAtEverySizeThatABlockHolds) {
    ThreadPool pool(usable_cpus());
    constexpr std::int64_t largest = 4096;
    for (std::int64_t size = 8; size <= largest; size *= 2) {
        const auto instance = prepare(size, largest / size + 1, pool);
        ASSERT_TRUE(instance) << to_text(instance.error());
        const auto verified = (*instance)->verify();
        EXPECT_TRUE(verified) << size << ": " << to_text(verified.error());
    }
}

TEST(OwnFft, OfALargerRowIsUnsupportedInClearWords) {
    ThreadPool pool(usable_cpus());
    const auto instance = prepare(8192, 1, pool);
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
    EXPECT_EQ(instance.error().what,
              "the own kernels transform up to 4096 points in a dimension, and 8192 are asked for");
}

TEST(Fft, OfASquareThatIsTooLargeIsAMistakeInClearWords) {
    ThreadPool pool(usable_cpus());
    const auto instance = prepare(16384, 1, pool, "2d");
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::usage);
    EXPECT_EQ(instance.error().what, "a square of 16384 x 16384 points is more than one transform takes here");
}

TEST(Cufft, IsNotAskedForOnASimulatedDevice) {
    ThreadPool pool(usable_cpus());
    const auto complete = complete_parameters(*find_workload("fft"), Form::cuda, {});
    const auto instance =
        find_workload_form("fft", Form::cuda)
            ->prepare(*complete, {.pool = pool, .seed = 3, .driver = {.library = PASSBENCH_STAND_IN, .seed = 3}});
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
    EXPECT_EQ(instance.error().what, "cuFFT runs on a card alone, and this device is simulated");
}

}  // namespace
}  // namespace passbench

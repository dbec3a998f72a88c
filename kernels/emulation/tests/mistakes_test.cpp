// What a kernel does wrong becomes an error of the context and a line that says where; the process lives on.
#include <string>
#include <sys/wait.h>

#include <gmock/gmock.h>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

/// What a report of a signal ends with: the line where the build has a sanitizer, whose runtime knows it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
std::string at(unsigned line) { return ", at mistakes.cu:" + std::to_string(line) + "\n"; }
#else
std::string at(unsigned /*line*/) { return "\n"; }
#endif

class Mistakes : public StandIn {
protected:
    /// Launches, waits, and gives what was printed; the error that the wait ended with is in error_.
    template <typename... Parameters>
    std::string words_of(const char* name, const Shape& shape, Parameters... parameters) {
        testing::internal::CaptureStderr();
        EXPECT_EQ(launch(name, shape, parameters...), CUDA_SUCCESS);
        error_ = cuCtxSynchronize();
        return testing::internal::GetCapturedStderr();
    }

    CUresult error_ = CUDA_SUCCESS;
};

TEST_F(Mistakes, AStoreBehindAnAllocationIsNamedWithItsThread) {
    DeviceArray<float> out(64);  // 256 bytes: the guard page begins at once
    EXPECT_THAT(words_of("writes_at", {.grid = {2}, .block = {32}}, out.address(), 66LL),
                ContainsRegex("^simulated CUDA device: kernel writes_at, block \\(1,0,0\\), thread \\(2,0,0\\): "
                              "out-of-bounds access at 0x[0-9a-f]+, 8 bytes past an allocation of 256 bytes" +
                              at(5) + "$"));
    EXPECT_EQ(error_, CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(Mistakes, AStoreIntoTheSlackBehindAnAllocationIsFoundAfterTheKernel) {
    if (sanitized) GTEST_SKIP() << "the address sanitizer finds it at the store itself, and ends the process";
    DeviceArray<float> out(10);
    EXPECT_THAT(
        words_of("writes_at", {.grid = {2}, .block = {32}}, out.address(), 11LL),
        HasSubstr("kernel writes_at, some thread: out-of-bounds store, up to 8 bytes past an allocation of 40 bytes"));
    EXPECT_EQ(error_, CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(Mistakes, ALoadInFrontOfAnAllocationIsFound) {
    DeviceArray<float> x(1024);  // a whole page
    DeviceArray<float> out(1);
    EXPECT_THAT(words_of("reads_at", {.grid = {1}, .block = {32}}, x.address(), out.address(), -1LL),
                HasSubstr("4 bytes before an allocation of 4096 bytes" + at(9)));
    EXPECT_EQ(error_, CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(Mistakes, AccessByANullPointerIsFound) {
    if (sanitized) GTEST_SKIP() << "the sanitizer of undefined behaviour finds it first, and ends the process";
    EXPECT_THAT(words_of("writes_at", {.grid = {2}, .block = {32}}, CUdeviceptr{0}, 0LL),
                HasSubstr("out-of-bounds access at 0x0, in no allocation"));
    EXPECT_EQ(error_, CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(Mistakes, AnErrorStaysUntilTheContextIsGone) {
    DeviceArray<float> out(64);
    words_of("writes_at", {.grid = {2}, .block = {32}}, out.address(), 64LL);
    CUdeviceptr more = 0;
    EXPECT_EQ(cuMemAlloc(&more, 16), CUDA_ERROR_ILLEGAL_ADDRESS);
    EXPECT_EQ(cuModuleLoadData(&module_, fatbin_image.data()), CUDA_ERROR_ILLEGAL_ADDRESS);
    EXPECT_EQ(cuStreamSynchronize(nullptr), CUDA_ERROR_ILLEGAL_ADDRESS);
    CUcontext other = nullptr;
    PASSBENCH_CUDA_OK(cuCtxCreate(&other, nullptr, 0, 0));
    EXPECT_EQ(cuMemAlloc(&more, 16), CUDA_SUCCESS);
    PASSBENCH_CUDA_OK(cuCtxDestroy(other));
}

TEST_F(Mistakes, ABarrierThatOneThreadNeverReachesIsNamed) {
    DeviceArray<int> out(64);
    EXPECT_THAT(words_of("leaves_before_the_barrier", {.grid = {1}, .block = {64}}, out.address()),
                HasSubstr("kernel leaves_before_the_barrier, block (0,0,0), thread (0,0,0): __syncthreads at "
                          "mistakes.cu:14 reached by 63 of 64 threads; thread 17 has exited"));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, ThreadsThatWaitAtTwoBarriersAreNamed) {
    DeviceArray<int> out(64);
    EXPECT_THAT(
        words_of("waits_at_two_barriers", {.grid = {1}, .block = {64}}, out.address()),
        HasSubstr("__syncthreads at mistakes.cu:20 reached by 10 of 64 threads; thread 10 waits at mistakes.cu:23"));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, LanesThatDisagreeAboutAMaskAreNamed) {
    EXPECT_THAT(
        words_of("disagrees_about_the_mask", {.grid = {1}, .block = {32}}),
        HasSubstr("__syncwarp at mistakes.cu:32 with mask 0xffffffff not reached by lanes 0x00000008 of warp 0"));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, ALaneOutsideOfItsOwnMaskIsNamed) {
    DeviceArray<unsigned> out(32);
    EXPECT_THAT(words_of("is_not_in_its_mask", {.grid = {1}, .block = {32}}, out.address()),
                HasSubstr("the mask 0x000000ff does not name the calling lane 8"));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, AnAccessBehindDynamicSharedMemoryIsNamed) {
    DeviceArray<int> out(1);
    EXPECT_THAT(words_of("overflows_shared", {.grid = {1}, .block = {64}, .shared_bytes = 128}, out.address()),
                HasSubstr("thread (32,0,0): out-of-bounds access, 0 bytes past the 128 bytes of dynamic shared memory" +
                          at(40)));
    EXPECT_EQ(error_, CUDA_ERROR_ILLEGAL_ADDRESS);
}

TEST_F(Mistakes, DivisionByZeroEndsTheLaunchAlone) {
    if (sanitized) GTEST_SKIP() << "the sanitizer of undefined behaviour finds it first, and ends the process";
    DeviceArray<int> out(2);
    EXPECT_THAT(words_of("divides", {.grid = {1}, .block = {1}}, out.address(), 0),
                HasSubstr("integer division by zero" + at(44)));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, ATrapIsNamedWithItsPlace) {
    EXPECT_THAT(words_of("traps", {.grid = {1}, .block = {32}}), HasSubstr("thread (5,0,0): __trap at mistakes.cu:47"));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, DeepRecursionEndsTheLaunchAlone) {
    DeviceArray<int> levels(2);
    EXPECT_THAT(words_of("recurses", {.grid = {1}, .block = {1}}, levels.address(), 1'000'000),
                HasSubstr("more than 64 KiB of local memory in one thread"));
    EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
}

TEST_F(Mistakes, GoodKernelsRunAfterBadOnes) {
    for (int round = 0; round < 20; ++round) {
        DeviceArray<int> out(64);
        words_of("leaves_before_the_barrier", {.grid = {3}, .block = {64}}, out.address());
        EXPECT_EQ(error_, CUDA_ERROR_LAUNCH_FAILED);
        PASSBENCH_CUDA_OK(cuCtxDestroy(context_));
        SetUp();
        DeviceArray<int> counts(100);
        EXPECT_EQ(words_of("counted_barrier", {.grid = {1}, .block = {100}}, counts.address()), "");
        EXPECT_EQ(counts.get(), std::vector<int>(100, 5010));
    }
}

TEST_F(Mistakes, ThatAreNoneAreNotReported) {
    DeviceArray<int> out(64);
    EXPECT_EQ(words_of("lanes_end_early", {.grid = {1}, .block = {64}}, out.address()), "");
    EXPECT_EQ(out.get()[19], 2);
    DeviceArray<int> flag(std::vector<int>{0});
    EXPECT_EQ(words_of("waits_for_a_neighbour", {.grid = {1}, .block = {2}}, flag.address()), "");
    EXPECT_EQ(flag.get()[0], 2);
}

using MistakesOfTheHost = Mistakes;

TEST_F(MistakesOfTheHost, AreNotTakenForTheDevices) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");  // begins the process anew: streams have threads
    EXPECT_EXIT(
        {
            launch("empty_kernel", {.grid = {1}, .block = {1}});
            cuCtxSynchronize();
            int* volatile nowhere = nullptr;
            *nowhere = 1;
        },
        [](int status) { return WIFSIGNALED(status) || WEXITSTATUS(status) != 0; }, "");
}

}  // namespace
}  // namespace passbench

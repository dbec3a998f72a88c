// Cooperative launches: blocks that wait for each other, the limits of such launches, and barriers that cannot be met.
#include <numeric>

#include <gmock/gmock.h>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

using testing::HasSubstr;

class Cooperative : public StandIn {
protected:
    template <typename... Parameters>
    CUresult launch_together(const char* name, const Shape& shape, Parameters... parameters) const {
        std::array<void*, sizeof...(Parameters) + 1> pointers = {&parameters..., nullptr};
        return cuLaunchCooperativeKernel(kernel(name), shape.grid.x, shape.grid.y, shape.grid.z, shape.block.x,
                                         shape.block.y, shape.block.z, shape.shared_bytes, shape.stream,
                                         pointers.data());
    }

    /// Launches four blocks of 32 that end in a failure; gives what was printed.
    template <typename... Parameters>
    std::string words_of(const char* name, Parameters... parameters) {
        testing::internal::CaptureStderr();
        EXPECT_EQ(launch_together(name, {.grid = {4}, .block = {32}}, parameters...), CUDA_SUCCESS);
        EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
        return testing::internal::GetCapturedStderr();
    }

    /// What cooperative_rounds makes of 0, 1, 2, ...
    static std::vector<unsigned> rounds_of(std::vector<unsigned> values, int rounds) {
        for (int round = 0; round < rounds; ++round) {
            const unsigned sum = std::accumulate(values.begin(), values.end(), 0U);
            for (unsigned& value : values) value += sum;
        }
        return values;
    }
};

TEST_F(Cooperative, BlocksWaitForEachOtherInEveryRound) {
    constexpr unsigned blocks = 16;
    constexpr unsigned threads = 128;
    constexpr int rounds = 20;
    std::vector<unsigned> values(blocks * threads);
    std::iota(values.begin(), values.end(), 0U);
    DeviceArray<unsigned> device(values);
    DeviceArray<unsigned> sums(blocks);
    PASSBENCH_CUDA_OK(launch_together("cooperative_rounds", {.grid = {blocks}, .block = {threads}}, device.address(),
                                      sums.address(), rounds));
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
    EXPECT_EQ(device.get(), rounds_of(values, rounds));
}

TEST_F(Cooperative, LaunchesMayBeAskedForByAttribute) {
    std::vector<unsigned> values(2 * 64, 1);
    DeviceArray<unsigned> device(values);
    DeviceArray<unsigned> sums(2);
    int rounds = 3;
    std::array<void*, 3> parameters = {&device.address(), &sums.address(), &rounds};
    CUlaunchAttribute attribute = {};
    attribute.id = CU_LAUNCH_ATTRIBUTE_COOPERATIVE;
    attribute.value.cooperative = 1;
    CUlaunchConfig config = {};
    config.gridDimX = 2;
    config.gridDimY = config.gridDimZ = config.blockDimY = config.blockDimZ = 1;
    config.blockDimX = 64;
    config.attrs = &attribute;
    config.numAttrs = 1;
    PASSBENCH_CUDA_OK(cuLaunchKernelEx(&config, kernel("cooperative_rounds"), parameters.data(), nullptr));
    EXPECT_EQ(device.get(), rounds_of(values, rounds));
}

TEST_F(Cooperative, LaunchesMayBeCaptured) {
    std::vector<unsigned> values(4 * 32, 1);
    DeviceArray<unsigned> device(values);
    DeviceArray<unsigned> sums(4);
    CUstream stream = nullptr;
    PASSBENCH_CUDA_OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_GLOBAL));
    PASSBENCH_CUDA_OK(launch_together("cooperative_rounds", {.grid = {4}, .block = {32}, .stream = stream},
                                      device.address(), sums.address(), 2));
    CUgraph graph = nullptr;
    PASSBENCH_CUDA_OK(cuStreamEndCapture(stream, &graph));
    CUgraphExec exec = nullptr;
    PASSBENCH_CUDA_OK(cuGraphInstantiate(&exec, graph, 0));
    for (int i = 0; i < 2; ++i) PASSBENCH_CUDA_OK(cuGraphLaunch(exec, stream));
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream));
    EXPECT_EQ(device.get(), rounds_of(values, 4));
    PASSBENCH_CUDA_OK(cuGraphExecDestroy(exec));
    PASSBENCH_CUDA_OK(cuGraphDestroy(graph));
    PASSBENCH_CUDA_OK(cuStreamDestroy(stream));
}

TEST_F(Cooperative, LaunchesAreRefusedThatDoNotFitOnTheDevice) {
    int cooperative = 0;
    PASSBENCH_CUDA_OK(cuDeviceGetAttribute(&cooperative, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH, 0));
    EXPECT_EQ(cooperative, 1);
    // Two multiprocessors of 1024 threads, 16 blocks and 64 KiB of shared memory each.
    EXPECT_EQ(launch_together("empty_kernel", {.grid = {4}, .block = {512}}), CUDA_SUCCESS);
    EXPECT_EQ(launch_together("empty_kernel", {.grid = {5}, .block = {512}}), CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    EXPECT_EQ(launch_together("empty_kernel", {.grid = {4, 4, 2}, .block = {32}}), CUDA_SUCCESS);
    EXPECT_EQ(launch_together("empty_kernel", {.grid = {11, 3}, .block = {32}}),
              CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    EXPECT_EQ(launch_together("empty_kernel", {.grid = {3}, .block = {32}, .shared_bytes = 40 << 10}),
              CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    DeviceArray<int> values(32);
    EXPECT_EQ(launch_together("reverse_in_static_shared", {.grid = {3}, .block = {32}}, values.address()),
              CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
    EXPECT_EQ(launch_together("empty_kernel", {.grid = {0}, .block = {32}}), CUDA_ERROR_INVALID_VALUE);
    PASSBENCH_CUDA_OK(cuCtxSynchronize());
}

TEST_F(Cooperative, ThreadsKnowTheirPlaceInTheirGroups) {
    constexpr unsigned threads = 2 * 3 * 4 * 2;
    const Shape shape = {.grid = {2, 3}, .block = {4, 1, 2}};
    DeviceArray<unsigned> out(threads * 8);
    for (const bool together : {true, false}) {
        PASSBENCH_CUDA_OK(together ? launch_together("group_ranks", shape, out.address())
                                   : launch("group_ranks", shape, out.address()));
        const auto words = out.get();
        for (unsigned rank = 0; rank < threads; ++rank) {
            const unsigned block = rank / 8;
            const unsigned thread = rank % 8;
            const std::vector<unsigned> own(words.begin() + rank * 8, words.begin() + (rank + 1) * 8);
            EXPECT_EQ(own, (std::vector<unsigned>{threads, block, thread, 8, block % 2 * 100 + block / 2 * 10,
                                                  thread % 4 * 100 + thread / 4, together ? 1U : 0U, 232}));
        }
    }
}

TEST_F(Cooperative, TilesOfAWarpGoTheirOwnWays) {
    DeviceArray<unsigned> out(64 * 9);
    PASSBENCH_CUDA_OK(launch("tiles_of_eight", {.grid = {1}, .block = {64}}, out.address()));
    const auto words = out.get();
    for (unsigned thread = 0; thread < 64; ++thread) {
        const unsigned rank = thread % 8;
        const unsigned first = thread - rank;
        unsigned ballot = 0;
        for (unsigned i = 0; i < 8; ++i) ballot |= ((first + i) % 3 == 0 ? 1U : 0U) << i;
        const std::vector<unsigned> own(words.begin() + thread * 9, words.begin() + (thread + 1) * 9);
        EXPECT_EQ(own,
                  (std::vector<unsigned>{rank, thread % 32 / 8 * 10 + 4, first + (first / 8 % 2 == 0 ? 3 : 5),
                                         rank < 6 ? thread + 2 : thread, rank < 2 ? thread : thread - 2, thread ^ 1U,
                                         ballot, (first == 8 ? 10U : 0U) + (first < 16 ? 1U : 0U), rank ^ 1U}));
    }
}

TEST_F(Cooperative, ABlockThatEndsBeforeTheGridsBarrierIsNamed) {
    EXPECT_THAT(words_of("block_leaves_the_grid", 2U),
                HasSubstr("kernel block_leaves_the_grid, block (0,0,0), thread (31,0,0): grid sync at "
                          "cooperative.cu:78 not reached by block 2 of the grid, which has ended"));
}

TEST_F(Cooperative, AThreadThatEndsBeforeTheGridsBarrierIsNamed) {
    EXPECT_THAT(words_of("thread_leaves_the_grid"),
                HasSubstr("kernel thread_leaves_the_grid, block (1,0,0), thread (0,0,0): grid sync at "
                          "cooperative.cu:83 reached by 31 of 32 threads; thread 7 has exited"));
}

TEST_F(Cooperative, ABlockThatFailsIsNamedAndNotThoseThatWaitForIt) {
    EXPECT_THAT(words_of("block_fails_beside_the_grid"),
                HasSubstr("kernel block_fails_beside_the_grid, block (2,0,0), thread (1,0,0): __trap at "
                          "cooperative.cu:87"));
}

TEST_F(Cooperative, BarriersOfTwoKindsOnOneLineAreNotTheSame) {
    EXPECT_THAT(words_of("grid_and_block_on_one_line"),
                HasSubstr("grid sync at cooperative.cu:92 reached by 4 of 32 threads; thread 4 waits at"));
}

TEST_F(Cooperative, AnOrdinaryLaunchCannotWaitForItsGrid) {
    testing::internal::CaptureStderr();
    PASSBENCH_CUDA_OK(launch("block_leaves_the_grid", {.grid = {1}, .block = {32}}, 9U));
    EXPECT_EQ(cuCtxSynchronize(), CUDA_ERROR_LAUNCH_FAILED);
    EXPECT_THAT(testing::internal::GetCapturedStderr(),
                HasSubstr("thread (0,0,0): grid sync in a launch that is not cooperative at cooperative.cu:78"));
}

}  // namespace
}  // namespace passbench

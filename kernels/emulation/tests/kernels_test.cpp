
#include <numeric>

#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

class Kernels : public StandIn {};

TEST_F(Kernels, AddVectorsWhoseLengthIsNoMultipleOfTheBlock) {
    constexpr int n = 1003;
    std::vector<float> a(n);
    std::vector<float> b(n, 0.25F);
    std::iota(a.begin(), a.end(), 1.0F);
    DeviceArray<float> a_device(a);
    DeviceArray<float> b_device(b);
    DeviceArray<float> out(n);
    PASSBENCH_CUDA_OK(
        launch("vector_add", {.grid = {4}, .block = {256}}, a_device.address(), b_device.address(), out.address(), n));
    const auto sums = out.get();
    for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(sums[i], a[i] + 0.25F);
}

TEST_F(Kernels, ReduceWithShufflesSharedMemoryAndManyBlocks) {
    constexpr std::size_t n = 100'000;
    std::vector<double> x(n);
    std::iota(x.begin(), x.end(), 0.0);
    DeviceArray<double> x_device(x);
    constexpr unsigned blocks = (n + 255) / 256;
    DeviceArray<double> sums(blocks);
    PASSBENCH_CUDA_OK(launch("block_sums", {.grid = {blocks}, .block = {256}}, x_device.address(), sums.address(), n));
    const auto parts = sums.get();
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), 0.0), 4999950000.0);
}

TEST_F(Kernels, VoteInParts) {
    DeviceArray<unsigned> out(3 * 64);
    PASSBENCH_CUDA_OK(launch("votes", {.grid = {1}, .block = {64}}, out.address()));
    const auto results = out.get();
    for (unsigned thread = 0; thread < 64; ++thread) {
        const unsigned lane = thread % 32;
        EXPECT_EQ(results[thread * 3], lane < 16 ? 0x5555U : 0x11110000U);
        EXPECT_EQ(results[thread * 3 + 1], 3U);
        EXPECT_EQ(results[thread * 3 + 2], 0xffU << (lane / 8 * 8));
    }
}

TEST_F(Kernels, ShuffleEightByteValues) {
    DeviceArray<long long> out(4 * 32);
    PASSBENCH_CUDA_OK(launch("shuffles", {.grid = {1}, .block = {32}}, out.address()));
    const auto results = out.get();
    for (long long lane = 0; lane < 32; ++lane) {
        const auto* of_lane = &results[static_cast<std::size_t>(lane) * 4];
        EXPECT_EQ(of_lane[0], 5 * 1000000007LL);
        EXPECT_EQ(of_lane[1], (lane < 3 ? lane : lane - 3) * 1000000007LL);
        EXPECT_EQ(of_lane[2], (lane % 8 < 6 ? lane + 2 : lane) * 1000000007LL);
        EXPECT_EQ(of_lane[3], (lane ^ 1) * 1000000007LL);
    }
}

TEST_F(Kernels, CountWithAtomicsFromManyBlocks) {
    std::vector<unsigned char> data(200'000);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<unsigned char>(i * 7 % 256);
    std::vector<unsigned> expected(256);
    for (const unsigned char value : data) ++expected[value];
    DeviceArray<unsigned char> data_device(data);
    DeviceArray<unsigned> bins(256);
    PASSBENCH_CUDA_OK(cuMemsetD32(bins.address(), 0, 256));
    PASSBENCH_CUDA_OK(
        launch("histogram", {.grid = {16}, .block = {128}}, data_device.address(), data.size(), bins.address()));
    EXPECT_EQ(bins.get(), expected);
}

TEST_F(Kernels, HaveAtomicsOfAllTypes) {
    DeviceArray<float> real(std::vector<float>{0});
    DeviceArray<int> most(std::vector<int>{0});
    DeviceArray<int> least(std::vector<int>{0});
    DeviceArray<unsigned> bits(std::vector<unsigned>{0});
    DeviceArray<unsigned long long> wide(std::vector<unsigned long long>{1ULL << 40U});
    PASSBENCH_CUDA_OK(launch("atomic_forms", {.grid = {40}, .block = {128}}, real.address(), most.address(),
                             least.address(), bits.address(), wide.address()));
    EXPECT_EQ(real.get()[0], 2560.0F);
    EXPECT_EQ(most.get()[0], 5119);
    EXPECT_EQ(least.get()[0], -5119);
    EXPECT_EQ(bits.get()[0], ~0U);
    EXPECT_EQ(wide.get()[0], (1ULL << 40U) + 2 * 5120);
}

TEST_F(Kernels, UseDynamicSharedMemory) {
    std::vector<int> values(512);
    std::iota(values.begin(), values.end(), 0);
    DeviceArray<int> device(values);
    PASSBENCH_CUDA_OK(
        launch("reverse_in_shared", {.grid = {1}, .block = {512}, .shared_bytes = 2048}, device.address()));
    EXPECT_EQ(device.get(), std::vector<int>(values.rbegin(), values.rend()));
}

TEST_F(Kernels, MayHaveAsMuchStaticSharedMemoryAsACard) {
    std::vector<int> values(256);
    std::iota(values.begin(), values.end(), 0);
    DeviceArray<int> device(values);
    PASSBENCH_CUDA_OK(launch("reverse_in_static_shared", {.grid = {1}, .block = {256}}, device.address()));
    EXPECT_EQ(device.get(), std::vector<int>(values.rbegin(), values.rend()));
}

TEST_F(Kernels, MayBeInstancesOfTemplates) {
    DeviceArray<float> reals(std::vector<float>{1, 2, 3});
    DeviceArray<long long> wholes(std::vector<long long>{1, 2, 3});
    PASSBENCH_CUDA_OK(launch("scale_f32", {.grid = {1}, .block = {32}}, reals.address(), 0.5F, std::size_t{3}));
    PASSBENCH_CUDA_OK(launch("scale_i64", {.grid = {1}, .block = {32}}, wholes.address(), 1LL << 40, std::size_t{2}));
    EXPECT_EQ(reals.get(), (std::vector<float>{0.5F, 1, 1.5F}));
    EXPECT_EQ(wholes.get(), (std::vector<long long>{1LL << 40, 2LL << 40, 3}));
}

TEST_F(Kernels, SeeTheirPlaceInTwoDimensions) {
    constexpr unsigned width = 5 * 8;
    DeviceArray<unsigned> out(width * 3 * 4);
    PASSBENCH_CUDA_OK(launch("coordinates", {.grid = {5, 3}, .block = {8, 4}}, out.address(), width));
    const auto results = out.get();
    for (unsigned y = 0; y < 12; ++y) {
        for (unsigned x = 0; x < width; ++x) ASSERT_EQ(results[y * width + x], y * 1000 + x);
    }
}

TEST_F(Kernels, VoteAtBarriersOfTheBlock) {
    DeviceArray<int> out(100);
    PASSBENCH_CUDA_OK(launch("counted_barrier", {.grid = {1}, .block = {100}}, out.address()));
    EXPECT_EQ(out.get(), std::vector<int>(100, 5010));
}

struct Mixed {
    char tag;
    double weight;
};

TEST_F(Kernels, TakeParametersInBothForms) {
    DeviceArray<float> out(4);
    PASSBENCH_CUDA_OK(
        launch("mixed_parameters", {.grid = {1}, .block = {1}}, 'a', 2.5, short{-3}, Mixed{1, 6.5}, out.address()));
    EXPECT_EQ(out.get(), (std::vector<float>{97, 2.5F, -3, 7.5F}));

    struct {
        char c = 'b';
        double d = 1.5;
        short s = 4;
        Mixed m = {2, 1};
        CUdeviceptr out = 0;
    } packed;
    packed.out = out.address();
    std::size_t bytes = sizeof packed;
    std::array<void*, 5> extra = {CU_LAUNCH_PARAM_BUFFER_POINTER, &packed, CU_LAUNCH_PARAM_BUFFER_SIZE, &bytes,
                                  CU_LAUNCH_PARAM_END};
    PASSBENCH_CUDA_OK(cuLaunchKernel(kernel("mixed_parameters"), 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, extra.data()));
    EXPECT_EQ(out.get(), (std::vector<float>{98, 1.5F, 4, 3}));
}

TEST_F(Kernels, ShareVariablesOfTheModule) {
    CUdeviceptr counter = 0;
    std::size_t bytes = 0;
    PASSBENCH_CUDA_OK(cuModuleGetGlobal(&counter, &bytes, module_, "launch_count"));
    EXPECT_EQ(bytes, sizeof(int));
    PASSBENCH_CUDA_OK(cuMemsetD32(counter, 0, 1));
    for (int i = 0; i < 5; ++i) PASSBENCH_CUDA_OK(launch("count_launches", {.grid = {2}, .block = {32}}));
    int count = 0;
    PASSBENCH_CUDA_OK(cuMemcpyDtoH(&count, counter, sizeof count));
    EXPECT_EQ(count, 5);
}

TEST_F(Kernels, AreLaunchedWithACopyOfTheirParameters) {
    DeviceArray<float> values(std::vector<float>(64, 1.0F));
    CUdeviceptr address = values.address();
    float factor = 3;
    std::size_t n = 64;
    std::array<void*, 3> parameters = {&address, &factor, &n};
    PASSBENCH_CUDA_OK(cuLaunchKernel(kernel("scale_f32"), 1, 1, 1, 64, 1, 1, 0, nullptr, parameters.data(), nullptr));
    address = 0;
    factor = 0;
    n = 0;
    EXPECT_EQ(values.get(), std::vector<float>(64, 3.0F));
}

TEST_F(Kernels, AreRefusedOutsideOfTheDevicesLimits) {
    EXPECT_EQ(launch("empty_kernel", {.grid = {1}, .block = {1025}}), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(launch("empty_kernel", {.grid = {0}, .block = {1}}), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(launch("empty_kernel", {.grid = {1, 65536}, .block = {1}}), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(launch("empty_kernel", {.grid = {1}, .block = {1, 1, 65}}), CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(launch("empty_kernel", {.grid = {1}, .block = {1}, .shared_bytes = 48 * 1024 + 1}),
              CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(launch("block_sums", {.grid = {1}, .block = {512}}, CUdeviceptr{0}, CUdeviceptr{0}, std::size_t{0}),
              CUDA_ERROR_INVALID_VALUE);  // more threads than its launch bounds
    EXPECT_EQ(cuLaunchKernel(kernel("vector_add"), 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr),
              CUDA_ERROR_INVALID_VALUE);
    EXPECT_EQ(cuLaunchKernel(reinterpret_cast<CUfunction>(context_), 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr),
              CUDA_ERROR_INVALID_HANDLE);
}

TEST_F(Kernels, ThatAreNotInTheSourcesAreNotFound) {
    CUfunction function = nullptr;
    EXPECT_EQ(cuModuleGetFunction(&function, module_, "no_such_kernel"), CUDA_ERROR_NOT_FOUND);
    CUmodule module = nullptr;
    EXPECT_EQ(cuModuleLoadData(&module, ".version 8.0 .target sm_75"), CUDA_ERROR_INVALID_IMAGE);
}

}  // namespace
}  // namespace passbench

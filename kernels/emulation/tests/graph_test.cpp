// Graphs, built and captured; strided copies; stream-ordered memory.
#include "kernels/emulation/tests/stand_in.hpp"

namespace passbench {
namespace {

class Graphs : public StandIn {
protected:
    void SetUp() override {
        StandIn::SetUp();
        PASSBENCH_CUDA_OK(cuStreamCreate(&stream_, CU_STREAM_NON_BLOCKING));
        PASSBENCH_CUDA_OK(cuStreamCreate(&other_, CU_STREAM_NON_BLOCKING));
        PASSBENCH_CUDA_OK(cuEventCreate(&fork_, CU_EVENT_DISABLE_TIMING));
        PASSBENCH_CUDA_OK(cuEventCreate(&join_, CU_EVENT_DISABLE_TIMING));
    }

    CUresult scale(CUdeviceptr values, float factor, CUstream stream) const {
        return launch("scale_f32", {.grid = {1}, .block = {64}, .stream = stream}, values, factor, std::size_t{64});
    }

    CUresult run(CUgraph graph, int times) {
        CUgraphExec exec = nullptr;
        EXPECT_EQ(cuGraphInstantiate(&exec, graph, 0), CUDA_SUCCESS);
        for (int i = 0; i < times; ++i) EXPECT_EQ(cuGraphLaunch(exec, stream_), CUDA_SUCCESS);
        const CUresult result = cuStreamSynchronize(stream_);
        EXPECT_EQ(cuGraphExecDestroy(exec), CUDA_SUCCESS);
        return result;
    }

    CUstream stream_ = nullptr;
    CUstream other_ = nullptr;
    CUevent fork_ = nullptr;
    CUevent join_ = nullptr;
};

TEST_F(Graphs, CaptureWhatAStreamIsGivenAndRunItAnyNumberOfTimes) {
    DeviceArray<float> values(std::vector<float>(64, 1.0F));
    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_GLOBAL));
    PASSBENCH_CUDA_OK(scale(values.address(), 2.0F, stream_));
    PASSBENCH_CUDA_OK(scale(values.address(), 3.0F, stream_));
    CUstreamCaptureStatus status = CU_STREAM_CAPTURE_STATUS_NONE;
    PASSBENCH_CUDA_OK(cuStreamIsCapturing(stream_, &status));
    EXPECT_EQ(status, CU_STREAM_CAPTURE_STATUS_ACTIVE);
    CUgraph graph = nullptr;
    PASSBENCH_CUDA_OK(cuStreamEndCapture(stream_, &graph));
    EXPECT_EQ(values.get()[0], 1.0F);  // nothing has run yet
    PASSBENCH_CUDA_OK(run(graph, 3));
    EXPECT_EQ(values.get(), std::vector<float>(64, 216.0F));
    std::size_t count = 0;
    PASSBENCH_CUDA_OK(cuGraphGetNodes(graph, nullptr, &count));
    EXPECT_EQ(count, 2U);
    PASSBENCH_CUDA_OK(cuGraphDestroy(graph));
}

TEST_F(Graphs, CaptureForksAndJoins) {
    DeviceArray<float> left(std::vector<float>(64, 1.0F));
    DeviceArray<float> right(64);
    DeviceArray<float> sum(64);
    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_GLOBAL));
    PASSBENCH_CUDA_OK(cuEventRecord(fork_, stream_));
    PASSBENCH_CUDA_OK(cuStreamWaitEvent(other_, fork_, 0));
    PASSBENCH_CUDA_OK(cuMemsetD32Async(right.address(), 0x40400000, 64, other_));  // 3.0F
    PASSBENCH_CUDA_OK(scale(right.address(), 2.0F, other_));
    PASSBENCH_CUDA_OK(scale(left.address(), 5.0F, stream_));
    PASSBENCH_CUDA_OK(cuEventRecord(join_, other_));
    PASSBENCH_CUDA_OK(cuStreamWaitEvent(stream_, join_, 0));
    PASSBENCH_CUDA_OK(launch("vector_add", {.grid = {1}, .block = {64}, .stream = stream_}, left.address(),
                             right.address(), sum.address(), 64));
    CUgraph graph = nullptr;
    PASSBENCH_CUDA_OK(cuStreamEndCapture(stream_, &graph));
    PASSBENCH_CUDA_OK(run(graph, 1));
    EXPECT_EQ(sum.get(), std::vector<float>(64, 11.0F));
    EXPECT_EQ(cuEventQuery(fork_), CUDA_ERROR_CAPTURED_EVENT);
    PASSBENCH_CUDA_OK(cuEventRecord(fork_, other_));  // the other stream is its own again
    PASSBENCH_CUDA_OK(cuStreamSynchronize(other_));
}

TEST_F(Graphs, AForkThatIsNotJoinedIsAnError) {
    DeviceArray<float> values(std::vector<float>(64, 1.0F));
    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_GLOBAL));
    PASSBENCH_CUDA_OK(cuEventRecord(fork_, stream_));
    PASSBENCH_CUDA_OK(cuStreamWaitEvent(other_, fork_, 0));
    PASSBENCH_CUDA_OK(scale(values.address(), 2.0F, other_));
    CUgraph graph = nullptr;
    EXPECT_EQ(cuStreamEndCapture(stream_, &graph), CUDA_ERROR_STREAM_CAPTURE_UNJOINED);
    EXPECT_EQ(graph, nullptr);
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream_));
    PASSBENCH_CUDA_OK(cuStreamSynchronize(other_));
}

TEST_F(Graphs, WaitingForACapturedStreamBreaksTheCapture) {
    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_GLOBAL));
    EXPECT_EQ(cuStreamSynchronize(stream_), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    EXPECT_EQ(launch("empty_kernel", {.grid = {1}, .block = {1}, .stream = stream_}),
              CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    CUgraph graph = nullptr;
    EXPECT_EQ(cuStreamEndCapture(stream_, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);

    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_GLOBAL));
    CUdeviceptr address = 0;
    EXPECT_EQ(cuMemAlloc(&address, 16), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    EXPECT_EQ(cuStreamEndCapture(stream_, &graph), CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    EXPECT_EQ(cuStreamBeginCapture(nullptr, CU_STREAM_CAPTURE_MODE_GLOBAL), CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
    EXPECT_EQ(cuStreamEndCapture(stream_, &graph), CUDA_ERROR_ILLEGAL_STATE);
}

TEST_F(Graphs, AreBuiltNodeByNode) {
    DeviceArray<float> values(64);
    std::vector<float> result(64);
    CUgraph graph = nullptr;
    PASSBENCH_CUDA_OK(cuGraphCreate(&graph, 0));
    CUDA_MEMSET_NODE_PARAMS fill = {};
    fill.dst = values.address();
    fill.value = 0x3f800000;  // 1.0F
    fill.elementSize = 4;
    fill.width = 64;
    fill.height = 1;
    CUgraphNode filled = nullptr;
    PASSBENCH_CUDA_OK(cuGraphAddMemsetNode(&filled, graph, nullptr, 0, &fill, context_));
    float factor = 7;
    std::size_t n = 64;
    std::array<void*, 3> parameters = {&values.address(), &factor, &n};
    CUDA_KERNEL_NODE_PARAMS kernel_parameters = {};
    kernel_parameters.func = kernel("scale_f32");
    kernel_parameters.gridDimX = kernel_parameters.gridDimY = kernel_parameters.gridDimZ = 1;
    kernel_parameters.blockDimX = 64;
    kernel_parameters.blockDimY = kernel_parameters.blockDimZ = 1;
    kernel_parameters.kernelParams = parameters.data();
    CUgraphNode scaled = nullptr;
    PASSBENCH_CUDA_OK(cuGraphAddKernelNode(&scaled, graph, &filled, 1, &kernel_parameters));
    CUgraphNode joined = nullptr;
    PASSBENCH_CUDA_OK(cuGraphAddEmptyNode(&joined, graph, &scaled, 1));
    CUDA_MEMCPY3D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.srcDevice = values.address();
    copy.dstMemoryType = CU_MEMORYTYPE_HOST;
    copy.dstHost = result.data();
    copy.WidthInBytes = values.bytes();
    copy.Height = copy.Depth = 1;
    CUgraphNode copied = nullptr;
    PASSBENCH_CUDA_OK(cuGraphAddMemcpyNode(&copied, graph, &joined, 1, &copy, context_));
    EXPECT_EQ(cuGraphAddDependencies(graph, &copied, &filled, nullptr, 1), CUDA_ERROR_INVALID_VALUE);  // a ring
    PASSBENCH_CUDA_OK(run(graph, 2));
    EXPECT_EQ(result, std::vector<float>(64, 7.0F));

    CUgraphExec exec = nullptr;
    PASSBENCH_CUDA_OK(cuGraphInstantiate(&exec, graph, 0));
    factor = 9;
    PASSBENCH_CUDA_OK(cuGraphExecKernelNodeSetParams(exec, scaled, &kernel_parameters));
    PASSBENCH_CUDA_OK(cuGraphLaunch(exec, stream_));
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream_));
    EXPECT_EQ(result, std::vector<float>(64, 9.0F));
    PASSBENCH_CUDA_OK(cuGraphExecDestroy(exec));
    EXPECT_EQ(cuGraphLaunch(exec, stream_), CUDA_ERROR_INVALID_VALUE);
}

TEST_F(Graphs, CostTheHostLessThanLaunchesOneByOne) {
    PASSBENCH_CUDA_OK(cuStreamBeginCapture(stream_, CU_STREAM_CAPTURE_MODE_GLOBAL));
    for (int i = 0; i < 100; ++i)
        PASSBENCH_CUDA_OK(launch("empty_kernel", {.grid = {1}, .block = {1}, .stream = stream_}));
    CUgraph graph = nullptr;
    PASSBENCH_CUDA_OK(cuStreamEndCapture(stream_, &graph));
    CUgraphExec exec = nullptr;
    PASSBENCH_CUDA_OK(cuGraphInstantiate(&exec, graph, 0));
    const std::int64_t begin = passbench_virtual_ns();
    PASSBENCH_CUDA_OK(cuGraphLaunch(exec, stream_));
    EXPECT_NEAR(static_cast<double>(passbench_virtual_ns() - begin), 12'000, 700);
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream_));
    EXPECT_NEAR(static_cast<double>(passbench_virtual_ns() - begin), 12'000 + 3'000 + 200'050 + 1'500, 10'000);
}

TEST_F(Graphs, CopiesMayHaveStrides) {
    constexpr std::size_t width = 12;
    constexpr std::size_t height = 5;
    CUdeviceptr device = 0;
    std::size_t pitch = 0;
    PASSBENCH_CUDA_OK(cuMemAllocPitch(&device, &pitch, width, height, 4));
    EXPECT_GE(pitch, width);
    std::vector<unsigned char> from(width * height);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<unsigned char>(i);
    CUDA_MEMCPY2D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_HOST;
    copy.srcHost = from.data();
    copy.srcPitch = width;
    copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.dstDevice = device;
    copy.dstPitch = pitch;
    copy.WidthInBytes = width;
    copy.Height = height;
    PASSBENCH_CUDA_OK(cuMemcpy2D(&copy));
    std::vector<unsigned char> row(width);
    PASSBENCH_CUDA_OK(cuMemcpyDtoH(row.data(), device + 3 * pitch, width));
    EXPECT_EQ(row, std::vector<unsigned char>(from.begin() + 3 * width, from.begin() + 4 * width));
    copy.Height = height + 10;
    EXPECT_EQ(cuMemcpy2D(&copy), CUDA_ERROR_INVALID_VALUE);  // more than the allocation holds
    PASSBENCH_CUDA_OK(cuMemFree(device));
}

TEST_F(Graphs, MemoryMayBeAllocatedAndFreedInStreamOrder) {
    std::size_t free_before = 0;
    std::size_t total = 0;
    PASSBENCH_CUDA_OK(cuMemGetInfo(&free_before, &total));
    CUdeviceptr address = 0;
    PASSBENCH_CUDA_OK(cuMemAllocAsync(&address, 256, stream_));
    PASSBENCH_CUDA_OK(cuMemsetD8Async(address, 1, 256, stream_));
    PASSBENCH_CUDA_OK(cuMemFreeAsync(address, stream_));
    PASSBENCH_CUDA_OK(cuStreamSynchronize(stream_));
    std::size_t free_after = 0;
    PASSBENCH_CUDA_OK(cuMemGetInfo(&free_after, &total));
    EXPECT_EQ(free_after, free_before);
    EXPECT_EQ(cuMemFreeAsync(address, stream_), CUDA_ERROR_INVALID_VALUE);
    CUmemoryPool pool = nullptr;
    PASSBENCH_CUDA_OK(cuDeviceGetDefaultMemPool(&pool, 0));
    cuuint64_t threshold = 1 << 20;
    PASSBENCH_CUDA_OK(cuMemPoolSetAttribute(pool, CU_MEMPOOL_ATTR_RELEASE_THRESHOLD, &threshold));
}

}  // namespace
}  // namespace passbench

// The same work three ways: stream, captured graph, graph built by hand.
#include "kernels/emulation/tests/programs/program.hpp"

int main(int argc, char** argv) {
    if (argc != 3) program::stop("usage: graphs LIBCUDA FATBIN", argc);
    const program::Driver driver(argv[1]);
    PROGRAM_LOAD(driver, cuInit);
    PROGRAM_LOAD(driver, cuDevicePrimaryCtxRetain);
    PROGRAM_LOAD(driver, cuDevicePrimaryCtxRelease);
    PROGRAM_LOAD(driver, cuCtxSetCurrent);
    PROGRAM_LOAD(driver, cuModuleLoadData);
    PROGRAM_LOAD(driver, cuModuleGetFunction);
    PROGRAM_LOAD(driver, cuMemAlloc);
    PROGRAM_LOAD(driver, cuMemFree);
    PROGRAM_LOAD(driver, cuMemAllocHost);
    PROGRAM_LOAD(driver, cuMemFreeHost);
    PROGRAM_LOAD(driver, cuMemsetD32Async);
    PROGRAM_LOAD(driver, cuMemcpyDtoHAsync);
    PROGRAM_LOAD(driver, cuLaunchKernel);
    PROGRAM_LOAD(driver, cuStreamCreate);
    PROGRAM_LOAD(driver, cuStreamDestroy);
    PROGRAM_LOAD(driver, cuStreamSynchronize);
    PROGRAM_LOAD(driver, cuStreamBeginCapture);
    PROGRAM_LOAD(driver, cuStreamIsCapturing);
    PROGRAM_LOAD(driver, cuStreamEndCapture);
    PROGRAM_LOAD(driver, cuGraphCreate);
    PROGRAM_LOAD(driver, cuGraphDestroy);
    PROGRAM_LOAD(driver, cuGraphGetNodes);
    PROGRAM_LOAD(driver, cuGraphNodeGetType);
    PROGRAM_LOAD(driver, cuGraphAddMemsetNode);
    PROGRAM_LOAD(driver, cuGraphAddKernelNode);
    PROGRAM_LOAD(driver, cuGraphAddMemcpyNode);
    PROGRAM_LOAD(driver, cuGraphInstantiate);
    PROGRAM_LOAD(driver, cuGraphExecDestroy);
    PROGRAM_LOAD(driver, cuGraphLaunch);

    PROGRAM_CHECK(p_cuInit(0));
    CUcontext context = nullptr;
    PROGRAM_CHECK(p_cuDevicePrimaryCtxRetain(&context, 0));
    PROGRAM_CHECK(p_cuCtxSetCurrent(context));
    const auto image = program::read_image(argv[2]);
    CUmodule module = nullptr;
    CUfunction increment = nullptr;
    PROGRAM_CHECK(p_cuModuleLoadData(&module, image.data()));
    PROGRAM_CHECK(p_cuModuleGetFunction(&increment, module, "program_increment"));

    constexpr int n = 1000;
    constexpr std::size_t bytes = n * sizeof(int);
    constexpr int kernels = 10;
    CUdeviceptr values = 0;
    void* pinned = nullptr;
    CUstream stream = nullptr;
    PROGRAM_CHECK(p_cuMemAlloc(&values, bytes));
    PROGRAM_CHECK(p_cuMemAllocHost(&pinned, bytes));
    PROGRAM_CHECK(p_cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    int by = 3;
    int length = n;
    void* parameters[] = {&values, &by, &length};
    const auto fill_stream = [&] {
        PROGRAM_CHECK(p_cuMemsetD32Async(values, 5, n, stream));
        for (int i = 0; i < kernels; ++i) {
            PROGRAM_CHECK(p_cuLaunchKernel(increment, 8, 1, 1, 128, 1, 1, 0, stream, parameters, nullptr));
        }
        PROGRAM_CHECK(p_cuMemcpyDtoHAsync(pinned, values, bytes, stream));
    };
    const auto check = [&](const char* what) {
        auto* results = static_cast<int*>(pinned);
        for (int i = 0; i < n; ++i) {
            program::require(results[i] == 5 + kernels * 3, what);
            results[i] = -1;
        }
    };

    fill_stream();
    PROGRAM_CHECK(p_cuStreamSynchronize(stream));
    check("the stream's result is wrong");

    PROGRAM_CHECK(p_cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
    fill_stream();
    CUstreamCaptureStatus status = CU_STREAM_CAPTURE_STATUS_NONE;
    PROGRAM_CHECK(p_cuStreamIsCapturing(stream, &status));
    program::require(status == CU_STREAM_CAPTURE_STATUS_ACTIVE, "the stream does not say that it is captured");
    CUgraph captured = nullptr;
    PROGRAM_CHECK(p_cuStreamEndCapture(stream, &captured));
    std::size_t count = 0;
    PROGRAM_CHECK(p_cuGraphGetNodes(captured, nullptr, &count));
    program::require(count == kernels + 2, "the capture has the wrong number of nodes");
    std::vector<CUgraphNode> nodes(count);
    PROGRAM_CHECK(p_cuGraphGetNodes(captured, nodes.data(), &count));
    int kernel_nodes = 0;
    for (const CUgraphNode node : nodes) {
        CUgraphNodeType type = CU_GRAPH_NODE_TYPE_EMPTY;
        PROGRAM_CHECK(p_cuGraphNodeGetType(node, &type));
        kernel_nodes += type == CU_GRAPH_NODE_TYPE_KERNEL ? 1 : 0;
    }
    program::require(kernel_nodes == kernels, "the capture has the wrong number of kernels");

    CUgraph built = nullptr;
    PROGRAM_CHECK(p_cuGraphCreate(&built, 0));
    CUDA_MEMSET_NODE_PARAMS fill = {};
    fill.dst = values;
    fill.value = 5;
    fill.elementSize = sizeof(int);
    fill.width = n;
    fill.height = 1;
    CUgraphNode last = nullptr;
    PROGRAM_CHECK(p_cuGraphAddMemsetNode(&last, built, nullptr, 0, &fill, context));
    CUDA_KERNEL_NODE_PARAMS launch = {};
    launch.func = increment;
    launch.gridDimX = 8;
    launch.blockDimX = 128;
    launch.gridDimY = launch.gridDimZ = launch.blockDimY = launch.blockDimZ = 1;
    launch.kernelParams = parameters;
    for (int i = 0; i < kernels; ++i) {
        const CUgraphNode before = last;
        PROGRAM_CHECK(p_cuGraphAddKernelNode(&last, built, &before, 1, &launch));
    }
    CUDA_MEMCPY3D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.srcDevice = values;
    copy.dstMemoryType = CU_MEMORYTYPE_HOST;
    copy.dstHost = pinned;
    copy.WidthInBytes = bytes;
    copy.Height = copy.Depth = 1;
    CUgraphNode copied = nullptr;
    PROGRAM_CHECK(p_cuGraphAddMemcpyNode(&copied, built, &last, 1, &copy, context));

    for (const CUgraph graph : {captured, built}) {
        CUgraphExec exec = nullptr;
        PROGRAM_CHECK(p_cuGraphInstantiate(&exec, graph, 0));
        for (int run = 0; run < 3; ++run) {
            PROGRAM_CHECK(p_cuGraphLaunch(exec, stream));
            PROGRAM_CHECK(p_cuStreamSynchronize(stream));
            check("a graph's result is wrong");
        }
        PROGRAM_CHECK(p_cuGraphExecDestroy(exec));
        PROGRAM_CHECK(p_cuGraphDestroy(graph));
    }
    PROGRAM_CHECK(p_cuStreamDestroy(stream));
    PROGRAM_CHECK(p_cuMemFreeHost(pinned));
    PROGRAM_CHECK(p_cuMemFree(values));
    PROGRAM_CHECK(p_cuDevicePrimaryCtxRelease(0));
    std::printf("stream, captured graph and built graph agree\n");
    return 0;
}

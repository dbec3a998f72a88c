// Two streams that depend on each other by events; then how the default stream, polling and wrong arguments behave.
#include "kernels/emulation/tests/programs/program.hpp"

int main(int argc, char** argv) {
    if (argc != 3) program::stop("usage: streams LIBCUDA FATBIN", argc);
    const program::Driver driver(argv[1]);
    PROGRAM_LOAD(driver, cuInit);
    PROGRAM_LOAD(driver, cuDevicePrimaryCtxRetain);
    PROGRAM_LOAD(driver, cuDevicePrimaryCtxRelease);
    PROGRAM_LOAD(driver, cuCtxSetCurrent);
    PROGRAM_LOAD(driver, cuModuleLoadData);
    PROGRAM_LOAD(driver, cuModuleGetFunction);
    PROGRAM_LOAD(driver, cuMemAlloc);
    PROGRAM_LOAD(driver, cuMemFree);
    PROGRAM_LOAD(driver, cuMemsetD32Async);
    PROGRAM_LOAD(driver, cuMemcpyDtoH);
    PROGRAM_LOAD(driver, cuLaunchKernel);
    PROGRAM_LOAD(driver, cuLaunchHostFunc);
    PROGRAM_LOAD(driver, cuStreamCreate);
    PROGRAM_LOAD(driver, cuStreamDestroy);
    PROGRAM_LOAD(driver, cuStreamQuery);
    PROGRAM_LOAD(driver, cuStreamWaitEvent);
    PROGRAM_LOAD(driver, cuEventCreate);
    PROGRAM_LOAD(driver, cuEventRecord);
    PROGRAM_LOAD(driver, cuEventQuery);
    PROGRAM_LOAD(driver, cuEventSynchronize);
    PROGRAM_LOAD(driver, cuEventElapsedTime);
    PROGRAM_LOAD(driver, cuEventDestroy);

    PROGRAM_CHECK(p_cuInit(0));
    CUcontext context = nullptr;
    PROGRAM_CHECK(p_cuDevicePrimaryCtxRetain(&context, 0));
    PROGRAM_CHECK(p_cuCtxSetCurrent(context));
    const auto image = program::read_image(argv[2]);
    CUmodule module = nullptr;
    CUfunction increment = nullptr;
    PROGRAM_CHECK(p_cuModuleLoadData(&module, image.data()));
    PROGRAM_CHECK(p_cuModuleGetFunction(&increment, module, "program_increment"));

    constexpr int n = 4096;
    CUdeviceptr values = 0;
    PROGRAM_CHECK(p_cuMemAlloc(&values, n * sizeof(int)));
    CUstream streams[2] = {};
    CUevent turns[2] = {};
    CUevent begin = nullptr;
    CUevent end = nullptr;
    for (CUstream& stream : streams) PROGRAM_CHECK(p_cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    for (CUevent& turn : turns) PROGRAM_CHECK(p_cuEventCreate(&turn, CU_EVENT_DISABLE_TIMING));
    PROGRAM_CHECK(p_cuEventCreate(&begin, CU_EVENT_DEFAULT));
    PROGRAM_CHECK(p_cuEventCreate(&end, CU_EVENT_DEFAULT));
    const auto add = [&](int by, CUstream stream) {
        int length = n;
        void* parameters[] = {&values, &by, &length};
        PROGRAM_CHECK(p_cuLaunchKernel(increment, n / 256, 1, 1, 256, 1, 1, 0, stream, parameters, nullptr));
    };

    // The streams take turns; each waits for the other by an event.
    PROGRAM_CHECK(p_cuEventRecord(begin, streams[0]));
    PROGRAM_CHECK(p_cuMemsetD32Async(values, 0, n, streams[0]));
    PROGRAM_CHECK(p_cuEventRecord(turns[0], streams[0]));
    int expected = 0;
    for (int round = 0; round < 50; ++round) {
        const int mine = round % 2 == 0 ? 1 : 0;
        PROGRAM_CHECK(p_cuStreamWaitEvent(streams[mine], turns[1 - mine], CU_EVENT_WAIT_DEFAULT));
        add(round, streams[mine]);
        PROGRAM_CHECK(p_cuEventRecord(turns[mine], streams[mine]));
        expected += round;
    }
    PROGRAM_CHECK(p_cuStreamWaitEvent(streams[0], turns[1], CU_EVENT_WAIT_DEFAULT));
    PROGRAM_CHECK(p_cuEventRecord(end, streams[0]));
    PROGRAM_CHECK(p_cuEventSynchronize(end));
    float milliseconds = -1;
    PROGRAM_CHECK(p_cuEventElapsedTime(&milliseconds, begin, end));
    program::require(milliseconds > 0 && milliseconds < 10'000, "the events' time makes no sense");
    std::vector<int> results(n);
    PROGRAM_CHECK(p_cuMemcpyDtoH(results.data(), values, n * sizeof(int)));
    for (const int result : results) program::require(result == expected, "a turn was lost");

    // A program that polls comes to an end, and a function of the host is called in its turn.
    int called = 0;
    add(1, streams[1]);
    PROGRAM_CHECK(p_cuLaunchHostFunc(
        streams[1], [](void* data) { *static_cast<int*>(data) = 1; }, &called));
    CUresult state = CUDA_ERROR_NOT_READY;
    while ((state = p_cuStreamQuery(streams[1])) == CUDA_ERROR_NOT_READY) {
    }
    PROGRAM_CHECK(state);
    program::require(called == 1, "the host's function was not called");

    program::require(p_cuEventElapsedTime(&milliseconds, turns[0], end) == CUDA_ERROR_INVALID_HANDLE,
                     "an event without timing gave a time");
    program::require(
        p_cuLaunchKernel(increment, 1, 1, 1, 4096, 1, 1, 0, nullptr, nullptr, nullptr) == CUDA_ERROR_INVALID_VALUE,
        "too large a block was accepted");
    program::require(p_cuMemcpyDtoH(nullptr, values, 4) == CUDA_ERROR_INVALID_VALUE, "a null pointer was accepted");
    PROGRAM_CHECK(p_cuEventQuery(end));
    for (const CUstream stream : streams) PROGRAM_CHECK(p_cuStreamDestroy(stream));
    for (const CUevent event : {turns[0], turns[1], begin, end}) PROGRAM_CHECK(p_cuEventDestroy(event));
    PROGRAM_CHECK(p_cuMemFree(values));
    PROGRAM_CHECK(p_cuDevicePrimaryCtxRelease(0));
    std::printf("50 turns in %.3f ms\n", static_cast<double>(milliseconds));
    return 0;
}

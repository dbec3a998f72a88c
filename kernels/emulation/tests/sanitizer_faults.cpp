// Runs one kernel of sanitizer_faults.cu, on the stand-in that it is linked with: sanitizer_faults IMAGE KERNEL faulty|repaired
#include <string_view>

#include "kernels/emulation/tests/programs/program.hpp"

int main(int argc, char** argv) {
    program::require(argc == 4, "usage: sanitizer_faults IMAGE KERNEL faulty|repaired");
    const std::string_view kernel = argv[2];
    int repaired = std::string_view(argv[3]) == "repaired" ? 1 : 0;
    constexpr unsigned threads = 100;  // as many as the array has cells; even, so that each lane has a neighbour
    // So many blocks that a second thread of the machine wakes up in time to run some.
    const unsigned blocks = kernel == "two_blocks_one_cell" ? 2000 : 1;

    PROGRAM_CHECK(cuInit(0));
    CUcontext context = nullptr;
    PROGRAM_CHECK(cuCtxCreate(&context, nullptr, 0, 0));
    const auto image = program::read_image(argv[1]);
    CUmodule module = nullptr;
    CUfunction function = nullptr;
    PROGRAM_CHECK(cuModuleLoadData(&module, image.data()));
    PROGRAM_CHECK(cuModuleGetFunction(&function, module, argv[2]));
    CUdeviceptr out = 0;
    PROGRAM_CHECK(cuMemAlloc(&out, threads * sizeof(int)));
    PROGRAM_CHECK(cuMemsetD32(out, 0, threads));
    void* parameters[] = {&out, &repaired};
    PROGRAM_CHECK(cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, parameters, nullptr));
    PROGRAM_CHECK(cuCtxSynchronize());
    PROGRAM_CHECK(cuMemFree(out));
    PROGRAM_CHECK(cuCtxDestroy(context));
    return 0;
}

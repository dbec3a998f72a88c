#pragma once
#include <cstddef>
#if defined(__CUDACC__)
#define PASSBENCH_KERNEL(name, parameters) extern "C" __global__ void name parameters
#endif

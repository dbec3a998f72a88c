// control-path: writes a seeded pattern through memory that was just handed out, a 64-bit word a thread: SplitMix64 of the key and
// the word's number, as kernels/cpu/pattern.hpp has it.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(control_path_fill, (unsigned long long* words, unsigned long long key, unsigned long long count)) {
    const unsigned long long i = static_cast<unsigned long long>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (i >= count) return;
    unsigned long long word = key + (i + 1) * 0x9e3779b97f4a7c15ULL;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9ULL;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebULL;
    words[i] = word ^ (word >> 31);
}

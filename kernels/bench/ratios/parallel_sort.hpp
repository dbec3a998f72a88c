// The parallel sort of libstdc++ (its parallel mode), to be compared with ours. It is made of OpenMP, which our own code does not use:
// in a file of its own, compiled with -fopenmp by g++ and left out with other compilers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench {

/// Sorts with so many threads.
void parallel_sort(std::uint32_t* keys, std::size_t count, int threads);

}  // namespace passbench

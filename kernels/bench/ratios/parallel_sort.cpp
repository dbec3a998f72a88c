#include "kernels/bench/ratios/parallel_sort.hpp"

#include <omp.h>
#include <parallel/algorithm>

namespace passbench {

void parallel_sort(std::uint32_t* keys, std::size_t count, int threads) {
    omp_set_num_threads(threads);
    __gnu_parallel::sort(keys, keys + count);
}

}  // namespace passbench

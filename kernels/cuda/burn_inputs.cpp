#include "kernels/cuda/burn_inputs.hpp"

#include <vector>

#include "kernels/cuda/burn_shape.hpp"

namespace passbench {

namespace {

constexpr std::size_t side = 16;  // of a matrix of f16

}  // namespace

void BurnInputs::fill_right(BurnPrecision precision, unsigned rounds, std::span<float> results,
                            ThreadPool& pool) const {
    std::vector<int> rights(precision == BurnPrecision::f32 ? burn_right : burn_f16_right);
    for (std::size_t i = 0; i < rights.size(); ++i) rights[i] = right(i);
    const std::size_t a_block = precision == BurnPrecision::f32 ? burn_f32_results : burn_f16_results;
    pool.run(pool.size(), [&, workers = pool.size()](int worker) {
        const Share share = share_of(results.size() / a_block, worker, workers);
        for (std::size_t i = share.begin * a_block; i < share.end * a_block; ++i) {
            int sum = 0;
            if (precision == BurnPrecision::f32) {
                const std::size_t first = i / a_block * burn_f32_left + i % a_block / burn_tile;
                for (std::size_t k = 0; k < burn_depth; ++k) {
                    sum += left(first + k * burn_tile) * rights[k * burn_tile + i % burn_tile];
                }
            } else {
                const std::size_t warp = i / (burn_matrices * burn_matrix);
                const std::size_t matrix = i / burn_matrix % burn_matrices;
                const std::size_t row = i % burn_matrix / side;
                for (std::size_t k = 0; k < side; ++k) {
                    sum +=
                        left(warp * burn_matrix + row * side + k) * rights[matrix * burn_matrix + k * side + i % side];
                }
            }
            results[i] = static_cast<float>(static_cast<std::int64_t>(sum) * rounds);
        }
    });
}

}  // namespace passbench

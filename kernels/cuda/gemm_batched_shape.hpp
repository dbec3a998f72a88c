// What the two sides of the kernel of gemm-batched agree on: a thread makes 4 x 4 elements, and a block as many whole matrices as
// its threads are enough for.
#pragma once

namespace passbench {

inline constexpr unsigned batched_threads_a_block = 256;
inline constexpr unsigned batched_side_a_thread = 4;

/// Numbers of one operand that a block holds: at most 16 for each thread.
inline constexpr unsigned batched_most_numbers =
    batched_threads_a_block * batched_side_a_thread * batched_side_a_thread;

/// What a block makes, of matrices of n x n; n is at most 64.
struct BatchedShape {
    unsigned n;
    unsigned batch;
    unsigned threads_of_row;  // of a matrix
    unsigned matrices_of_block;
};
inline BatchedShape batched_shape(unsigned n, unsigned batch) {
    const unsigned threads_of_row = (n + batched_side_a_thread - 1) / batched_side_a_thread;
    return {.n = n,
            .batch = batch,
            .threads_of_row = threads_of_row,
            .matrices_of_block = batched_threads_a_block / (threads_of_row * threads_of_row)};
}

}  // namespace passbench

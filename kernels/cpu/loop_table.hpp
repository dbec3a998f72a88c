// What a file of loops gives: a table of functions. Kept apart from loops.hpp because the files compiled for one instruction
// set may include nothing else of ours.
#pragma once

#include <cstddef>
#include <cstdint>

namespace passbench {

enum class StreamOp { copy, scale, add, triad, dot };
inline constexpr std::size_t stream_ops = 5;
enum class Stores { plain, nontemporal };
inline constexpr std::size_t store_kinds = 2;

/// copy out=x; scale out=s*x; add out=x+y; triad out=x+s*y; dot: the sum of x*y, out unused. `begin` is a multiple of 8 and
/// the arrays are aligned to 64 bytes.
struct StreamArrays {
    const double* x;
    const double* y;
    double* out;
};
/// Does the elements [begin, end); returns their sum for dot, else 0.
using StreamLoop = double (*)(const StreamArrays& arrays, double s, std::size_t begin, std::size_t end);

/// Copies `size_bytes` between buffers that are aligned to 64 bytes and do not overlap.
using CopyLoop = void (*)(std::byte* to, const std::byte* from, std::size_t size_bytes);

/// Loads every whole double of the buffer, aligned to 64 bytes; returns what depends on all of them.
using ReadLoop = double (*)(const std::byte* from, std::size_t size_bytes);

// Two units with a latency of up to 5 cycles need 10 independent chains; 12 of them and three operands fit 16 registers.
inline constexpr std::size_t fma_accumulators = 12;
// The widest register of all instruction sets.
inline constexpr std::size_t widest_register_bytes = 64;

/// Operands of the recurrence v = v * multiplier + odd; v = v * multiplier + even, done `pairs` times on every lane of every
/// accumulator: `start` and `result` hold fma_accumulators registers, the others one. Aligned to 64 bytes.
template <typename T>
struct FmaOperands {
    const T* start;
    const T* multiplier;
    const T* odd;
    const T* even;
    T* result;
};
template <typename T>
using FmaLoop = void (*)(const FmaOperands<T>& operands, std::int64_t pairs);

/// The sum of integers that begin at a multiple of 64 bytes.
using SumLoop = std::uint64_t (*)(const std::uint32_t* integers, std::size_t count);
/// Writes the sum of `before` and all integers up to each. Both arrays begin at a multiple of 64 bytes.
using ScanLoop = void (*)(const std::uint32_t* integers, std::uint64_t* out, std::size_t count, std::uint64_t before);

/// A sparse matrix by rows: the elements of row r are those from row_begin[r] to row_begin[r + 1].
template <typename T>
struct CsrMatrix {
    const std::uint32_t* row_begin;
    const std::uint32_t* columns;  // under 2^31
    const T* values;
};
/// y = A x for the rows [first, last).
template <typename T>
using SpmvLoop = void (*)(const CsrMatrix<T>& matrix, const T* x, T* y, std::size_t first, std::size_t last);
/// out[i] = table[indices[i]], each under 2^31; indices and out begin at a multiple of 64 bytes.
using GatherLoop = void (*)(const std::uint64_t* table, const std::uint32_t* indices, std::uint64_t* out,
                            std::size_t count);

struct LoopTable {
    std::size_t register_bytes;
    StreamLoop stream[stream_ops][store_kinds];
    CopyLoop copy[store_kinds];
    CopyLoop copy_from_combined;  // from memory that is written past the caches, which plain loads read at a crawl
    ReadLoop read;
    FmaLoop<float> fma_f32;
    FmaLoop<double> fma_f64;
    SumLoop sum;
    ScanLoop scan[store_kinds];
    SpmvLoop<float> spmv_f32;
    SpmvLoop<double> spmv_f64;
    GatherLoop gather;
};

extern const LoopTable loops_sse2;
extern const LoopTable loops_avx2;
extern const LoopTable loops_avx512;

}  // namespace passbench

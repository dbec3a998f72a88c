// How the kernels over 32-bit integers divide their work: what integers.cu, sort.cu and their hosts have to agree on.
#pragma once

#include <cstddef>

namespace passbench {

inline constexpr unsigned reduce_threads = 256;
inline constexpr unsigned histogram_threads = 512;
inline constexpr unsigned histogram_bins = 256;

// A tile of scan: rows of two neighbouring integers a thread.
inline constexpr unsigned scan_threads = 256;
inline constexpr unsigned scan_rows = 8;
inline constexpr std::size_t scan_tile = std::size_t{2} * scan_threads * scan_rows;

inline constexpr unsigned sort_threads = 256;
inline constexpr unsigned sort_keys_a_thread = 16;
inline constexpr std::size_t sort_tile = std::size_t{sort_threads} * sort_keys_a_thread;
inline constexpr unsigned sort_digits = 256;

}  // namespace passbench

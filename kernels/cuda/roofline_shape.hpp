// What the two sides of the roofline kernel agree on.
#pragma once

namespace passbench {

// A block makes the sum of one chunk: each thread holds twelve times four floats of it in registers.
inline constexpr unsigned roofline_threads = 128;
inline constexpr unsigned roofline_fours = 12;
inline constexpr unsigned roofline_block_floats = roofline_threads * roofline_fours * 4;

}  // namespace passbench

// What the two sides of the image kernels agree on.
#pragma once

namespace passbench {

inline constexpr unsigned image_pixels_a_thread = 4;  // neighbours in a row
inline constexpr unsigned image_row_bytes = 64;       // rows of frames on the device begin at multiples of this
inline constexpr unsigned image_kernel_taps = 9;
inline constexpr unsigned image_kernel_shift = 4;  // weights are sixteenths

/// Frames on the device; `stride` pixels from one row to the next.
struct ImageShape {
    unsigned width;
    unsigned height;
    unsigned stride;
};

/// Weights of a convolution, row by row.
struct ImageTaps {
    int weights[image_kernel_taps];
};

}  // namespace passbench

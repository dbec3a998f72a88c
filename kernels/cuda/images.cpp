#include "kernels/cuda/images.hpp"

// What cmake/fatbin.S.in places around each fatbin.
extern "C" {
extern const std::byte passbench_fatbin_launch_begin;
extern const std::byte passbench_fatbin_launch_end;
extern const std::byte passbench_fatbin_burn_begin;
extern const std::byte passbench_fatbin_burn_end;
extern const std::byte passbench_fatbin_managed_begin;
extern const std::byte passbench_fatbin_managed_end;
extern const std::byte passbench_fatbin_memtest_begin;
extern const std::byte passbench_fatbin_memtest_end;
extern const std::byte passbench_fatbin_device_clock_begin;
extern const std::byte passbench_fatbin_device_clock_end;
extern const std::byte passbench_fatbin_event_begin;
extern const std::byte passbench_fatbin_event_end;
extern const std::byte passbench_fatbin_control_path_begin;
extern const std::byte passbench_fatbin_control_path_end;
extern const std::byte passbench_fatbin_stream_begin;
extern const std::byte passbench_fatbin_stream_end;
extern const std::byte passbench_fatbin_fma_begin;
extern const std::byte passbench_fatbin_fma_end;
extern const std::byte passbench_fatbin_fft_begin;
extern const std::byte passbench_fatbin_fft_end;
extern const std::byte passbench_fatbin_image_begin;
extern const std::byte passbench_fatbin_image_end;
extern const std::byte passbench_fatbin_roofline_begin;
extern const std::byte passbench_fatbin_roofline_end;
extern const std::byte passbench_fatbin_graph_begin;
extern const std::byte passbench_fatbin_graph_end;
extern const std::byte passbench_fatbin_transfers_begin;
extern const std::byte passbench_fatbin_transfers_end;
extern const std::byte passbench_fatbin_gemm_begin;
extern const std::byte passbench_fatbin_gemm_end;
extern const std::byte passbench_fatbin_gemm_batched_begin;
extern const std::byte passbench_fatbin_gemm_batched_end;
extern const std::byte passbench_fatbin_tiny_kernels_begin;
extern const std::byte passbench_fatbin_tiny_kernels_end;
extern const std::byte passbench_fatbin_integers_begin;
extern const std::byte passbench_fatbin_integers_end;
extern const std::byte passbench_fatbin_sort_begin;
extern const std::byte passbench_fatbin_sort_end;
extern const std::byte passbench_fatbin_sparse_begin;
extern const std::byte passbench_fatbin_sparse_end;
}

namespace passbench {

std::span<const std::byte> launch_image() { return {&passbench_fatbin_launch_begin, &passbench_fatbin_launch_end}; }
std::span<const std::byte> burn_image() { return {&passbench_fatbin_burn_begin, &passbench_fatbin_burn_end}; }
std::span<const std::byte> managed_image() { return {&passbench_fatbin_managed_begin, &passbench_fatbin_managed_end}; }
std::span<const std::byte> memtest_image() { return {&passbench_fatbin_memtest_begin, &passbench_fatbin_memtest_end}; }
std::span<const std::byte> device_clock_image() {
    return {&passbench_fatbin_device_clock_begin, &passbench_fatbin_device_clock_end};
}
std::span<const std::byte> event_image() { return {&passbench_fatbin_event_begin, &passbench_fatbin_event_end}; }
std::span<const std::byte> control_path_image() {
    return {&passbench_fatbin_control_path_begin, &passbench_fatbin_control_path_end};
}
std::span<const std::byte> stream_image() { return {&passbench_fatbin_stream_begin, &passbench_fatbin_stream_end}; }
std::span<const std::byte> fma_image() { return {&passbench_fatbin_fma_begin, &passbench_fatbin_fma_end}; }
std::span<const std::byte> fft_image() { return {&passbench_fatbin_fft_begin, &passbench_fatbin_fft_end}; }
std::span<const std::byte> image_image() { return {&passbench_fatbin_image_begin, &passbench_fatbin_image_end}; }
std::span<const std::byte> roofline_image() {
    return {&passbench_fatbin_roofline_begin, &passbench_fatbin_roofline_end};
}
std::span<const std::byte> graph_image() { return {&passbench_fatbin_graph_begin, &passbench_fatbin_graph_end}; }
std::span<const std::byte> transfers_image() {
    return {&passbench_fatbin_transfers_begin, &passbench_fatbin_transfers_end};
}
std::span<const std::byte> gemm_image() { return {&passbench_fatbin_gemm_begin, &passbench_fatbin_gemm_end}; }
std::span<const std::byte> gemm_batched_image() {
    return {&passbench_fatbin_gemm_batched_begin, &passbench_fatbin_gemm_batched_end};
}
std::span<const std::byte> tiny_kernels_image() {
    return {&passbench_fatbin_tiny_kernels_begin, &passbench_fatbin_tiny_kernels_end};
}
std::span<const std::byte> integers_image() {
    return {&passbench_fatbin_integers_begin, &passbench_fatbin_integers_end};
}
std::span<const std::byte> sort_image() { return {&passbench_fatbin_sort_begin, &passbench_fatbin_sort_end}; }
std::span<const std::byte> sparse_image() { return {&passbench_fatbin_sparse_begin, &passbench_fatbin_sparse_end}; }

}  // namespace passbench

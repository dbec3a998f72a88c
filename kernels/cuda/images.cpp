#include "kernels/cuda/images.hpp"

// What cmake/fatbin.S.in places around each fatbin.
extern "C" {
extern const std::byte passbench_fatbin_launch_begin;
extern const std::byte passbench_fatbin_launch_end;
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
extern const std::byte passbench_fatbin_graph_begin;
extern const std::byte passbench_fatbin_graph_end;
extern const std::byte passbench_fatbin_transfers_begin;
extern const std::byte passbench_fatbin_transfers_end;
}

namespace passbench {

std::span<const std::byte> launch_image() { return {&passbench_fatbin_launch_begin, &passbench_fatbin_launch_end}; }
std::span<const std::byte> device_clock_image() {
    return {&passbench_fatbin_device_clock_begin, &passbench_fatbin_device_clock_end};
}
std::span<const std::byte> event_image() { return {&passbench_fatbin_event_begin, &passbench_fatbin_event_end}; }
std::span<const std::byte> control_path_image() {
    return {&passbench_fatbin_control_path_begin, &passbench_fatbin_control_path_end};
}
std::span<const std::byte> stream_image() { return {&passbench_fatbin_stream_begin, &passbench_fatbin_stream_end}; }
std::span<const std::byte> fma_image() { return {&passbench_fatbin_fma_begin, &passbench_fatbin_fma_end}; }
std::span<const std::byte> graph_image() { return {&passbench_fatbin_graph_begin, &passbench_fatbin_graph_end}; }
std::span<const std::byte> transfers_image() {
    return {&passbench_fatbin_transfers_begin, &passbench_fatbin_transfers_end};
}

}  // namespace passbench

#include "kernels/cuda/images.hpp"

// What cmake/fatbin.S.in places around each fatbin.
extern "C" {
extern const std::byte passbench_fatbin_launch_begin;
extern const std::byte passbench_fatbin_launch_end;
extern const std::byte passbench_fatbin_stream_begin;
extern const std::byte passbench_fatbin_stream_end;
extern const std::byte passbench_fatbin_fma_begin;
extern const std::byte passbench_fatbin_fma_end;
extern const std::byte passbench_fatbin_graph_begin;
extern const std::byte passbench_fatbin_graph_end;
extern const std::byte passbench_fatbin_transfers_begin;
extern const std::byte passbench_fatbin_transfers_end;
extern const std::byte passbench_fatbin_integers_begin;
extern const std::byte passbench_fatbin_integers_end;
extern const std::byte passbench_fatbin_sort_begin;
extern const std::byte passbench_fatbin_sort_end;
extern const std::byte passbench_fatbin_sparse_begin;
extern const std::byte passbench_fatbin_sparse_end;
}

namespace passbench {

std::span<const std::byte> launch_image() { return {&passbench_fatbin_launch_begin, &passbench_fatbin_launch_end}; }
std::span<const std::byte> stream_image() { return {&passbench_fatbin_stream_begin, &passbench_fatbin_stream_end}; }
std::span<const std::byte> fma_image() { return {&passbench_fatbin_fma_begin, &passbench_fatbin_fma_end}; }
std::span<const std::byte> graph_image() { return {&passbench_fatbin_graph_begin, &passbench_fatbin_graph_end}; }
std::span<const std::byte> transfers_image() {
    return {&passbench_fatbin_transfers_begin, &passbench_fatbin_transfers_end};
}
std::span<const std::byte> integers_image() {
    return {&passbench_fatbin_integers_begin, &passbench_fatbin_integers_end};
}
std::span<const std::byte> sort_image() { return {&passbench_fatbin_sort_begin, &passbench_fatbin_sort_end}; }
std::span<const std::byte> sparse_image() { return {&passbench_fatbin_sparse_begin, &passbench_fatbin_sparse_end}; }

}  // namespace passbench

#include "guest/agent/bench/driver_overhead.hpp"

// What cmake/fatbin.S.in places around the fatbin.
extern "C" {
extern const std::byte passbench_fatbin_plain_kernels_begin;
extern const std::byte passbench_fatbin_plain_kernels_end;
}

namespace passbench {

std::span<const std::byte> plain_kernels_image() {
    return {&passbench_fatbin_plain_kernels_begin, &passbench_fatbin_plain_kernels_end};
}

}  // namespace passbench

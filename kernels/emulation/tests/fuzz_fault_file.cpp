// Any bytes as a plan of faults: it is read, or one line says what is wrong, with no control characters in it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "kernels/emulation/fault_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = passbench::emulation::parse_fault_file({reinterpret_cast<const char*>(data), size});
    const bool clean = std::all_of(file.error.begin(), file.error.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!clean || file.error.size() > 300) std::abort();
    return 0;
}

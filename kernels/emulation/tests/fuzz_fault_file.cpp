// Any bytes as a plan of faults: it is read and within its limits, or one line says what is wrong, with no control characters
// in it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "kernels/emulation/fault_file.hpp"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = passbench::emulation::parse_fault_file({reinterpret_cast<const char*>(data), size});
    if (file.error.empty()) {
        require(file.plan.odd_code >= 1 && file.plan.odd_code <= passbench::emulation::most_odd_code);
    } else {
        require(std::all_of(file.error.begin(), file.error.end(), [](char c) { return c >= ' ' && c <= '~'; }));
        require(file.error.size() <= 300);
    }
    return 0;
}

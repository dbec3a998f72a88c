#include "kernels/cpu/control_operations.hpp"

namespace passbench {

// What a system's loader does beside reading a file differs so much that the two would not be compared.
Result<std::unique_ptr<CpuOperation>> make_library_operation() {
    return fail({.code = ErrorCode::unsupported,
                 .what = "loading a library is measured on Linux alone",
                 .where = {},
                 .fix = "Leave the cpu form of op = module out of the scenario."});
}

}  // namespace passbench

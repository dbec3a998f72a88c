// Where in a kernel's source an instruction comes from. The runtime of a sanitizer reads it from the debugging information; a
// build without sanitizers has neither.
#pragma once

#include <cstdint>
#include <string>

namespace passbench::emulation {

/// "kernel.cu:12"; of an instruction that the shim has brought, the line of the kernel that called it, where g++ has kept it.
/// Empty where it is not known.
[[nodiscard]] std::string source_place(std::uintptr_t instruction);

}  // namespace passbench::emulation

// How much static shared memory a kernel has. A kernel's `__shared__` variables are thread-local ones to g++ (shim/device.cuh),
// which says their names and sizes in the symbol table of the library alone; it is read from the library's file.
#pragma once

#include <cstddef>
#include <string>

namespace passbench::emulation {

/// What the kernel declares, and what functions of its .cu declare that are no kernels: which of them it calls is not known, so
/// that it may be too much. Not what inline functions declare, which belong to no file; 0 where the symbols were stripped.
[[nodiscard]] std::size_t static_shared_bytes_of(const std::string& kernel);

}  // namespace passbench::emulation

// The inner loops of the workloads, once for each instruction set: plain functions over plain pointers, in files of their own
// that are compiled for that instruction set alone (loops_sse2.cpp, loops_avx2.cpp, loops_avx512.cpp, one source in
// loops_body.inc). Those files include nothing that could leave an inline function behind: the linker keeps one copy of such
// a function for the whole program, and an AVX-512 copy would end it on a CPU without.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/loop_table.hpp"

namespace passbench {

/// The loops of this instruction set; the CPU must support it.
[[nodiscard]] const LoopTable& loops_of(Isa isa);

}  // namespace passbench

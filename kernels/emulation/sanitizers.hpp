// What the thread sanitizer is told about fibers, so that it finds the races of kernels: each CUDA thread of a block is
// a thread of its own to it, ordered with others by barriers alone. Blocks that one thread of the machine runs one after the other are
// ordered, because they use the same shared memory; races between blocks show where two threads run them.
// The engine is compiled without -fsanitize=thread, so no macro of the compiler says it. Without it nothing is done here.
#pragma once

#if defined(PASSBENCH_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace passbench::emulation {

#if defined(PASSBENCH_TSAN)
inline constexpr bool thread_sanitizer = true;
#else
inline constexpr bool thread_sanitizer = false;
#endif

/// What was done before the release at this place happens before what follows the acquire.
inline void sanitizer_release([[maybe_unused]] void* place) {
#if defined(PASSBENCH_TSAN)
    __tsan_release(place);
#endif
}
inline void sanitizer_acquire([[maybe_unused]] void* place) {
#if defined(PASSBENCH_TSAN)
    __tsan_acquire(place);
#endif
}

}  // namespace passbench::emulation

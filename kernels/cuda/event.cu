// event: a turn of one thread. Whoever comes before its turn, or after one that never came, finds another number than its own and
// leaves it, and so do all that follow.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(event_turn, (unsigned long long* turns, unsigned long long before)) {
    if (*turns == before) *turns = before + 1;
}

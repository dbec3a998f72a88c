// graph: a node that leaves its number in the trace of the round; the last node of a round finds the slot at its begin again.
#include "kernels/cuda/kernel.cuh"

PASSBENCH_KERNEL(graph_node,
                 (unsigned long long* nodes_run, unsigned* slot, unsigned* trace, unsigned node, unsigned nodes)) {
    atomicAdd(nodes_run, 1ULL);
    trace[atomicInc(slot, nodes - 1)] = node;
}

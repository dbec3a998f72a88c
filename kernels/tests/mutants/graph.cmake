# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(graph_counts_twice graph.cu "atomicAdd(nodes_run, 1ULL)" "atomicAdd(nodes_run, 2ULL)" graph "nodes=37")
mutant(graph_last_slot graph.cu "atomicInc(slot, nodes - 1)" "atomicInc(slot, nodes - 2)" graph "nodes=37,shape=fan")
mutant(graph_wrong_number graph.cu "= node;" "= node / 2;" graph "nodes=3,shape=chain")

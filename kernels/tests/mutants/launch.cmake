# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(launch_twice launch.cu "atomicAdd(counter, 1ULL)" "atomicAdd(counter, 2ULL)" launch "depth=7")

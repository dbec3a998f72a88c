# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS [OTHER.cu...]): see ../CMakeLists.txt.
mutant(launch_twice launch.cu "atomicAdd(counter, 1ULL)" "atomicAdd(counter, 2ULL)" launch "depth=7" device_clock.cu)
mutant(launch_nothing launch.cu "(unsigned long long* counter)) { count_one(counter); }" "(unsigned long long*)) {}" launch
       "depth=1,sync=poll" device_clock.cu)

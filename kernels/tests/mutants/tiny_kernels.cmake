# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(tiny_last_element tiny_kernels.cu "i >= elements" "i + 1 >= elements" tiny-kernels "kernels=4,elements=33")
mutant(tiny_neighbour tiny_kernels.cu "from[i + 1]" "from[i]" tiny-kernels "kernels=3,elements=100")
mutant(tiny_first_again tiny_kernels.cu "if (i == 0) to[elements]" "if (i == 1) to[elements]" tiny-kernels "kernels=3,elements=100")

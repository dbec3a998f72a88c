# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(gemm_batched_last_row gemm_batched.cu "row + i < n &&" "row + i + 1 < n &&" gemm-batched "by=own,n=5,batch=67")
mutant(gemm_batched_last_matrix gemm_batched.cu "matrix >= matrices_here" "matrix + 1 >= matrices_here" gemm-batched "by=own,n=9,batch=67")
mutant(gemm_batched_last_step gemm_batched.cu "k < n;" "k + 1 < n;" gemm-batched "by=own,n=5,batch=67")

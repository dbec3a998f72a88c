# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(gemm_f32_last_column gemm.cu "first + j < shape.columns" "first + j + 1 < shape.columns" gemm "by=own,n=33")
mutant(gemm_f32_last_row gemm.cu "c_row >= shape.rows" "c_row + 1 >= shape.rows" gemm "by=own,n=33")
mutant(gemm_f32_same_half gemm.cu "keep(1 - turn)" "keep(turn)" gemm "by=own,n=33")
mutant(gemm_f32_last_part gemm.cu "part + 1 < parts;" "part + 2 < parts;" gemm "by=own,n=33")
mutant(gemm_last_column gemm.cu "column < shape.columns) {" "column + 1 < shape.columns) {" gemm "by=own,n=17,precision=f16")
mutant(gemm_planes gemm.cu "plane < planes" "plane + 1 < planes" gemm "by=own,n=49,precision=int8")
mutant(gemm_last_bytes gemm.cu "if (part + 1 < parts) load" "if (part + 2 < parts) load" gemm "by=own,n=17,precision=tf32")
mutant(gemm_pieces gemm.cu "place % pieces_of_plane * piece_bytes" "place % pieces_of_plane" gemm "by=own,n=17,precision=bf16")

# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(spmv_last_element sparse.cu "i < end; i += lanes" "i + 1 < end; i += lanes" spmv "rows=777,nonzeros=33,precision=f64")
mutant(spmv_last_row sparse.cu "if (row < rows && lane == 0)" "if (row + 1 < rows && lane == 0)" spmv
       "rows=1009,nonzeros=7,precision=f32,matrix=powerlaw")
mutant(spmv_other_lanes sparse.cu "distance = lanes / 2" "distance = lanes / 4" spmv "rows=777,nonzeros=33,precision=f64")
mutant(spmv_column sparse.cu "x + columns[i]" "x + columns[i] / 2 * 2" spmv
       "rows=1009,nonzeros=7,precision=f32,matrix=powerlaw")
mutant(gather_odd_tail sparse.cu "} else if (i < count) {
        out[i] = table" "} else if (i + 1 < count) {
        out[i] = table" gather "bytes=4104")
mutant(gather_right_of_pair sparse.cu "table + pair.y" "table + pair.x" gather "bytes=20008,pattern=sequential")

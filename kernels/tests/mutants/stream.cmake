# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(stream_last_pair stream.cu "if (first + 1 < count)" "if (first + 2 < count)" stream "op=copy,bytes=8192")
mutant(stream_odd_tail stream.cu "else if (first < count)" "else if (first + 1 < count)" stream "op=copy,bytes=40008")
mutant(stream_right_of_pair stream.cu "double2{left, right}" "double2{left, left}" stream "op=triad,bytes=40008")
mutant(stream_scale stream.cu "return factor * x[i]" "return x[i]" stream "op=scale,bytes=40008")
mutant(stream_add stream.cu "return x[i] + y[i]" "return x[i] - y[i]" stream "op=add,bytes=40008")
mutant(stream_triad stream.cu "return x[i] + factor * y[i]" "return x[i] + y[i]" stream "op=triad,bytes=40008")
mutant(dot_product stream.cu "sum += x[i] * y[i]" "sum += x[i]" stream "op=dot,bytes=40008")
mutant(dot_last_element stream.cu "i < count; i += stride" "i + 1 < count; i += stride" stream "op=dot,bytes=40008")
mutant(dot_last_warp stream.cu "threadIdx.x < blockDim.x / lanes ?" "threadIdx.x + 1 < blockDim.x / lanes ?" stream
       "op=dot,bytes=40008")
mutant(dot_last_block stream.cu "i < blocks; i += blockDim.x" "i + 1 < blocks; i += blockDim.x" stream "op=dot,bytes=40008")

# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(fma_second_step fma.cu "multiply_add(multiplier, value[i], second[i])" "multiply_add(multiplier, value[i], first[i])" fma
       "precision=f32")
mutant(fma_last_pair fma.cu "pair < pairs" "pair + 1 < pairs" fma "precision=f64")
mutant(fma_last_accumulator fma.cu "++i) result[i * threads + thread]" "++i) if (i + 1 < gpu_fma_accumulators) result[i * threads + thread]"
       fma "precision=f32")

# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(roofline_last_float roofline.cu "at < count ?" "at + 1 < count ?" roofline "intensity=0.25,bytes=5004")
mutant(roofline_one_less roofline.cu "fma < fmas;" "fma + 1 < fmas;" roofline "intensity=4,bytes=24596")
mutant(roofline_last_of_thread roofline.cu "values[i] = at < count" "values[i] = i + 1 < floats_a_thread && at < count" roofline
       "intensity=0.5,bytes=24572")
mutant(roofline_last_four roofline.cu "values[4 * i + 3] = four.w" "values[4 * i + 3] = four.z" roofline "intensity=1,bytes=24576")
mutant(roofline_multiplier roofline.cu "fmaf(values[i], multiplier, partial" "fmaf(values[i], 1.0F, partial" roofline
       "intensity=2,bytes=5004")
mutant(roofline_last_warp roofline.cu "threadIdx.x / lanes] = value" "threadIdx.x / lanes] = threadIdx.x < 96 ? value : 0" roofline
       "intensity=0.25,bytes=24576")

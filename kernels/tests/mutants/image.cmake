# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(image_last_column image.cu "column + i < shape.width; ++i" "column + i + 1 < shape.width; ++i" image
       "op=sobel,width=67,height=5,transfers=excluded")
mutant(image_right_border image.cu "static_cast<int>(width) - 1)" "static_cast<int>(width) - 2)" image
       "op=stencil,width=67,height=5,transfers=excluded")
mutant(image_lower_border image.cu "min(row + 1, shape.height - 1)" "min(row + 1, shape.height - 2)" image
       "op=convolution,width=67,height=5,transfers=included")
mutant(image_last_of_four image.cu "results[2], results[3]}" "results[2], results[2]}" image
       "op=sobel,width=64,height=5,transfers=included")
mutant(image_stencil image.cu "here[1] * 0.5F" "here[1] * 0.25F" image "op=stencil,width=67,height=5,transfers=excluded")
mutant(image_rounding image.cu "int sum = 1 << (passbench::image_kernel_shift - 1)" "int sum = 0" image
       "op=convolution,width=67,height=5,transfers=excluded")
mutant(image_last_tap image.cu "taps.weights[6 + i] * below[i]" "taps.weights[6] * below[i]" image
       "op=convolution,width=67,height=5,transfers=excluded")
mutant(image_sobel image.cu "2 * (below[1] - above[1])" "(below[1] - above[1])" image
       "op=sobel,width=67,height=5,transfers=excluded")
mutant(image_cut_off image.cu "min(max(value, 0), 255)" "max(value, 0)" image
       "op=sobel,width=67,height=5,transfers=excluded")

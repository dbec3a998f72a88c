# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(reduce_last_integers integers.cu "x, 0, count, thread, threads, [&sum]" "x, 0, count - 1, thread, threads, [&sum]" reduce
       "bytes=20012")
mutant(reduce_last_warp integers.cu "lane() < blockDim.x / lanes_a_warp ?" "lane() + 1 < blockDim.x / lanes_a_warp ?" reduce
       "bytes=20012")
mutant(reduce_last_block integers.cu "i < blocks; i += blockDim.x" "i + 1 < blocks; i += blockDim.x" reduce "bytes=20012")
mutant(histogram_last_integer integers.cu "x, 0, count, highest_byte" "x, 0, count - 1, highest_byte" histogram "bytes=20012")
mutant(histogram_last_block integers.cu "&& of_block > 0" "&& of_block > 0 && blockIdx.x + 1 < gridDim.x" histogram
       "bytes=20012,values=skewed")
mutant(scan_odd_tail integers.cu "pairs[row].x = x[i]" "pairs[row].x = 0" scan "bytes=4100")
mutant(scan_last_sum integers.cu "} else if (i < count) {
            out[i] = to_first" "} else if (i + 1 < count) {
            out[i] = to_first" scan "bytes=4100")
mutant(scan_left_warp integers.cu "to_left + left" "to_left" scan "bytes=20012")
mutant(scan_tile_before integers.cu "of_tile) + upto" "of_tile) * 0 + upto" scan "bytes=20012")

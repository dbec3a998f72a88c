# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(sort_last_key sort.cu "tile + i < part.end" "tile + i + 1 < part.end" sort "bytes=20012")
mutant(sort_last_count sort.cu "keys, part.begin, part.end, shift" "keys, part.begin, part.end - 1, shift" sort "bytes=20012")
mutant(sort_order_in_warp sort.cu "before + __popc(below)" "before + __popc(alike) - 1 - __popc(below)" sort "bytes=20012")
mutant(sort_blocks_before sort.cu "of_digit[i] = upto - own" "of_digit[i] = before" sort "bytes=20012")
mutant(sort_second_tile sort.cu "begin_in_out[digit_of_thread] += in_tile" "begin_in_out[digit_of_thread] += 0" sort "bytes=135172")

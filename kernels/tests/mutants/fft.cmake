# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(fft_last_row fft.cu "const bool has_row = row < rows;" "const bool has_row = row + 1 < rows;" fft
       "by=own,dims=1d,size=64,batch=3,transfers=excluded")
mutant(fft_last_of_eight fft.cu "q = 1; q < fft_points_a_thread; ++q) points[q] = times" "q = 1; q + 1 < fft_points_a_thread; ++q) points[q] = times"
       fft "by=own,dims=1d,size=64,batch=1,transfers=excluded")
mutant(fft_half_root fft.cu "half_root = 0.70710678118654752F" "half_root = 0.7070F" fft
       "by=own,dims=1d,size=8,batch=3,transfers=included")
mutant(fft_butterfly_of_four fft.cu "times_minus_i(minus(b, d))" "times_minus_i(minus(d, b))" fft
       "by=own,dims=1d,size=32,batch=3,transfers=excluded")
mutant(fft_butterfly_of_two fft.cu "points[b + 4] = minus(points[b], points[b + 4])" "points[b + 4] = plus(points[b], points[b + 4])" fft
       "by=own,dims=1d,size=16,batch=3,transfers=excluded")
mutant(fft_second_part fft.cu "points[q].y = places[padded(from + q * distance)]" "points[q].y = places[padded(from)]" fft
       "by=own,dims=1d,size=64,batch=3,transfers=excluded")
mutant(fft_ragged_tile fft.cu "to_row < side && to_column < side" "to_row + 1 < side && to_column < side" fft
       "by=own,dims=2d,size=8,batch=3,transfers=excluded")
mutant(fft_not_transposed fft.cu "= tile[x][y]" "= tile[y][x]" fft "by=own,dims=2d,size=16,batch=1,transfers=excluded")

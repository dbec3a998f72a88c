# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(copy_last_vector transfers.cu "first + k * threads < vectors) words[k] = passbench::device::load_anew(source"
       "first + k * threads + 1 < vectors) words[k] = passbench::device::load_anew(source" copy
       "bytes=8192,host=mapped,by=kernel")
mutant(copy_odd_tail transfers.cu "i < bytes; i += threads" "i + 1 < bytes; i += threads" copy
       "bytes=4097,host=mapped,by=kernel,direction=d2h")
mutant(copy_second_vector transfers.cu "target[first + k * threads] = words[k]" "target[first + k * threads] = words[0]" copy
       "bytes=100000,host=mapped,by=kernel")
mutant(copy_queued_tail transfers.cu "vectors * sizeof(uint4) + this_thread()" "vectors * sizeof(uint4) + 1 + this_thread()" copy
       "bytes=4103,host=mapped,by=kernel,queue=queued")
mutant(read_last_pair transfers.cu "first + k * threads < pairs" "first + k * threads + 1 < pairs" host-read "bytes=100048")
mutant(read_right_of_pair transfers.cu "words[k].x + words[k].y" "words[k].x + words[k].x" host-read "bytes=4112")
mutant(read_last_lane transfers.cu "threadIdx.x % lanes == 0" "threadIdx.x % lanes == 1" host-read "bytes=4112")
mutant(chase_last_hop transfers.cu "hop < hops" "hop + 1 < hops" host-chase "bytes=100096")
mutant(chase_nowhere transfers.cu "*place = at" "*place = *place" host-chase "bytes=4224")
mutant(compute_last_step transfers.cu "step < steps" "step + 1 < steps" duplex "bytes=4097,with=compute")
mutant(compute_addend transfers.cu "value * factor + addend" "value * factor - addend" duplex "bytes=100003,with=compute")

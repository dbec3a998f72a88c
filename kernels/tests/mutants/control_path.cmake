# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(control_path_last_word control_path.cu "if (i >= count) return" "if (i + 1 >= count) return" control-path
       "op=allocate,bytes=5000")
mutant(control_path_pattern control_path.cu "word ^ (word >> 27)" "word ^ (word >> 26)" control-path "op=pinned,bytes=5000")
mutant(control_path_key control_path.cu "key + (i + 1)" "key + i" control-path "op=module")

# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(managed_last_word managed.cu "i < count; i += stride" "i + 1 < count; i += stride" managed "op=touch,bytes=40008")
mutant(managed_adds_nothing managed.cu "words[i] += step" "words[i] += 0" managed "op=prefetch,bytes=40008")

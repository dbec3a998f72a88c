# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(memtest_sees_no_error memtest.cu "if (found == expected) return;" "return;" memtest "pattern=address,bytes=40008")
mutant(memtest_last_word memtest.cu "i < count; i += stride" "i + 1 < count; i += stride" memtest "pattern=random,bytes=40008")
mutant(memtest_second_of_a_pair memtest.cu "look_at(notes, source, i + 1, both.y, seen)" "look_at(notes, source, i, both.x, seen)" memtest
       "pattern=inversions,bytes=40000")
mutant(memtest_one_in_twenty memtest.cu "place == content_.place ?" "place != content_.place ?" memtest
       "pattern=modulo20,bytes=40008")
mutant(memtest_which_word memtest.cu "{notes.first + i, expected" "{notes.first + i / 2, expected" memtest "pattern=fade,bytes=40008,rest=0")
mutant(memtest_keeps_the_old_word memtest.cu "write(words, i, is_pair, after)" "write(words, i, is_pair, source)" memtest
       "pattern=inversions,bytes=40008")
mutant(memtest_reads_half memtest.cu "*reinterpret_cast<const ulonglong2*>(words + i)" "*reinterpret_cast<const ulonglong2*>(words + i / 4 * 2)"
       memtest "pattern=address,bytes=40008")

# mutant(NAME FILE.cu FROM TO WORKLOAD PARAMETERS): see ../CMakeLists.txt.
mutant(event_two_turns event.cu "*turns = before + 1" "*turns = before + 2" event "op=record")
mutant(event_last_turn event.cu "if (*turns == before)" "if (*turns == before && before != 7)" event "op=chain,hops=7")

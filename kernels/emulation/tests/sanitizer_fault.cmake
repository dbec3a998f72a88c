# A kernel with a planted fault ends with a report that names the marked line: the sanitizer's, in which a stack begins there,
# or the stand-in's. The same kernel repaired ends well and in silence.
#   cmake -D PROGRAM=sanitizer_faults -D IMAGE=fatbin -D SOURCE=sanitizer_faults.cu -D FAULT=kernel -D REPORT=words
#         -P sanitizer_fault.cmake
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND grep -n "// fault: ${FAULT}$" ${SOURCE} OUTPUT_VARIABLE marked COMMAND_ERROR_IS_FATAL ANY)
if(NOT marked MATCHES "^([0-9]+):[^\n]*\n$")
    message(FATAL_ERROR "${FAULT} is marked more than once:\n${marked}")
endif()
cmake_path(GET SOURCE FILENAME file)
set(place "${file}:${CMAKE_MATCH_1}")

execute_process(COMMAND ${PROGRAM} ${IMAGE} ${FAULT} faulty
                RESULT_VARIABLE result OUTPUT_VARIABLE words ERROR_VARIABLE words)
if(result EQUAL 0 OR NOT words MATCHES "${REPORT}.*(#0 [^\n]*/|, at )${place}[^0-9]")
    message(SEND_ERROR "expected '${REPORT}' with ${place}, got (${result}):\n${words}")
endif()

execute_process(COMMAND ${PROGRAM} ${IMAGE} ${FAULT} repaired
                RESULT_VARIABLE result OUTPUT_VARIABLE words ERROR_VARIABLE words)
if(NOT result EQUAL 0 OR NOT words STREQUAL "")
    message(SEND_ERROR "${FAULT} is reported though it is repaired (${result}):\n${words}")
endif()

# Holds what a stand-in library shows against the list beside this file: a function of the driver API that is added or lost
# is a change that somebody meant. Kernels and variables of modules come and go with the .cu files.
#   cmake -D NM=nm -D LIBRARY=libcuda.so.1 -P exports.cmake
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND ${NM} -D --defined-only ${LIBRARY} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^ \n]+\n" names "${symbols}")
list(TRANSFORM names STRIP)
list(FILTER names EXCLUDE REGEX "^passbench_(kernel|global)_")
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/exports.txt expected)
foreach(name IN LISTS names)
    if(NOT name IN_LIST expected)
        message(SEND_ERROR "${name} is exported, but not in exports.txt")
    endif()
endforeach()
foreach(name IN LISTS expected)
    if(NOT name IN_LIST names)
        message(SEND_ERROR "${name} is in exports.txt, but not exported")
    endif()
endforeach()

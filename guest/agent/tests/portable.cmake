# Holds what a guest must have to start the agent: cmake -D OBJDUMP=.. -D PROGRAM=.. -D SYSROOT=.. -P portable.cmake. Fails where
# the program needs a glibc newer than 2.26, a library that is no part of glibc, or is larger than 6 MB. Without the old
# glibc to link against there is nothing to hold: SKIPPED.
cmake_minimum_required(VERSION 3.25)
set(newest_glibc 2.26) # 2.25, and what Debian 13's start-up code adds
set(most_bytes 6000000)

if(NOT SYSROOT OR NOT EXISTS ${SYSROOT}/usr/lib/x86_64-linux-gnu/libc.so)
    message(STATUS "SKIPPED: linked against this machine's glibc, for no older one was there to configure with")
    return()
endif()

execute_process(COMMAND ${OBJDUMP} -T ${PROGRAM} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "GLIBC_[0-9.]+" versions "${symbols}")
list(REMOVE_DUPLICATES versions)
if(NOT versions)
    message(FATAL_ERROR "no symbol of glibc in ${PROGRAM}: is objdump's output read rightly?")
endif()
foreach(version IN LISTS versions)
    string(REPLACE "GLIBC_" "" number ${version})
    if(number VERSION_GREATER newest_glibc)
        string(REGEX MATCHALL "[^\n]*\\(${version}\\)[^\n]*" lines "${symbols}")
        list(JOIN lines "\n" lines)
        message(SEND_ERROR "needs glibc ${number}; ${newest_glibc} is the newest allowed:\n${lines}")
    endif()
endforeach()

execute_process(COMMAND ${OBJDUMP} -p ${PROGRAM} OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "NEEDED +[^\n]+" needed "${headers}")
foreach(line IN LISTS needed)
    string(REGEX REPLACE "NEEDED +" "" library ${line})
    if(NOT library MATCHES "^(libc|libm|libdl|libpthread|ld-linux-x86-64)\\.so\\.[0-9]+$")
        message(SEND_ERROR "needs ${library}, which a guest may not have")
    endif()
endforeach()

file(SIZE ${PROGRAM} bytes)
if(bytes GREATER most_bytes)
    message(SEND_ERROR "${bytes} bytes; at most ${most_bytes} are allowed")
endif()
message(STATUS "${PROGRAM}: ${versions}; ${needed}; ${bytes} bytes")

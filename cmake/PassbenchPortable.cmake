# Programs that start in guests older than this machine. The objects are compiled as usual; only the link differs: against the
# glibc of Debian 11 (2.31), which scripts/lib/agent_sysroot.sh fetches, with libstdc++ and libgcc inside. What those two ask of a
# newer glibc is in guest/agent/portable. The result needs glibc 2.25 and nothing else. Without that folder the program is
# linked against this machine's glibc, and starts only in guests that are as new.
set(PASSBENCH_AGENT_SYSROOT ${CMAKE_SOURCE_DIR}/build/agent-sysroot CACHE PATH "glibc of Debian 11, to link the agent against")

# passbench_portable_program(NAME SOURCES a.cpp ... [DEPS libraries]): an executable in build/<preset>/bin that looks for libraries in
# lib/ beside itself first.
function(passbench_portable_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
    passbench_program(${name} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS})
    if(WIN32) # static, and so portable, as every program there
        return()
    endif()
    passbench_finds_libraries(${name})
    if(PASSBENCH_SANITIZE OR PASSBENCH_FUZZ)
        return() # the sanitizers' runtimes need this machine's
    endif()
    set(folder ${CMAKE_SOURCE_DIR}/guest/agent/portable)
    target_sources(${name} PRIVATE ${folder}/formatting.cpp ${folder}/old_glibc.cpp)
    # formatting.cpp sees another fmt than the other files.
    set_source_files_properties(${folder}/formatting.cpp ${folder}/old_glibc.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    # Without names of functions, which are a fifth of what is copied into each guest; build debug has them.
    target_link_options(${name} PRIVATE $<$<CONFIG:Release>:LINKER:--strip-all>)
    target_link_options(${name} PRIVATE -static-libstdc++ -static-libgcc LINKER:--as-needed
        LINKER:--wrap=exp LINKER:--wrap=exp2 LINKER:--wrap=log LINKER:--wrap=log2 LINKER:--wrap=pow)
    set(libraries ${PASSBENCH_AGENT_SYSROOT}/usr/lib/x86_64-linux-gnu)
    if(PASSBENCH_AGENT_SYSROOT AND EXISTS ${libraries}/libc.so)
        # -B: else the start-up code is this machine's, and no static constructor runs with an older glibc.
        target_link_options(${name} PRIVATE --sysroot=${PASSBENCH_AGENT_SYSROOT} -B${libraries} -L${libraries}
            -L${PASSBENCH_AGENT_SYSROOT}/lib/x86_64-linux-gnu)
    else()
        message(STATUS "${name}: linked against this machine's glibc and starts only in guests with one at least as new: there is no "
                       "Debian 11 glibc in ${PASSBENCH_AGENT_SYSROOT} (scripts/lib/agent_sysroot.sh fetches it)")
    endif()
    # The old glibc has these apart, and the static libstdc++ refers to threads weakly: without a need nobody would load them.
    target_link_libraries(${name} PRIVATE -Wl,--push-state,--no-as-needed,-ldl,-lpthread,-lm,--pop-state)
endfunction()

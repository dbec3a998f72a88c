# What every target of the project has in common, and the functions the rooms declare their targets with.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(PASSBENCH_SANITIZE "" CACHE STRING "sanitizers for every target: address,undefined or thread")
option(PASSBENCH_FUZZ "build the fuzz targets (clang only)" OFF)

find_package(Threads REQUIRED)

# Flags of our own code alone, so that a third-party target is never built with our warnings.
add_library(passbench_flags INTERFACE)
target_include_directories(passbench_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(passbench_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
# Statistics must give the same doubles on every machine: no fused multiply-add unless the code asks for one by name.
target_compile_options(passbench_flags INTERFACE -ffp-contract=off)
target_link_libraries(passbench_flags INTERFACE Threads::Threads)
if(PASSBENCH_SANITIZE)
    target_compile_options(passbench_flags INTERFACE -fsanitize=${PASSBENCH_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(passbench_flags INTERFACE -fsanitize=${PASSBENCH_SANITIZE})
    # g++ 12 raises false maybe-uninitialized alarms on code that the sanitizers instrument.
    target_compile_options(passbench_flags INTERFACE -Wno-maybe-uninitialized)
endif()
if(PASSBENCH_FUZZ)
    target_compile_options(passbench_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
                           -fno-sanitize-recover=all)
    target_link_options(passbench_flags INTERFACE -fsanitize=address,undefined)
endif()

# Built by `scripts/test.sh -L smoke`, `-L tsan`, `-L gpu` and `-L fuzz` in place of everything: what carries the label, and for
# smoke the two programs.
add_custom_target(smoke_tests)
add_custom_target(tsan_tests)
add_custom_target(gpu_tests)
add_custom_target(fuzz_tests)

# passbench_library(NAME SOURCES a.cpp ... [DEPS public libraries] [PRIVATE_DEPS third-party libraries] [SEPARATE])
# SEPARATE: files that are alike, one a workload, and use the same local names; each is compiled alone in every preset.
function(passbench_library name)
    cmake_parse_arguments(arg "SEPARATE" "" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    if(arg_SEPARATE)
        set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
    endif()
    target_link_libraries(${name} PUBLIC passbench_flags ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
endfunction()

# passbench_program(NAME SOURCES a.cpp ... [DEPS libraries]): an executable in build/<preset>/bin.
function(passbench_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;DEPS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE passbench_flags ${arg_DEPS})
    if(WIN32)
        target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/windows/passbench.rc)
        # Without names of functions, which are half of a static program.
        target_link_options(${name} PRIVATE $<$<CONFIG:Release>:LINKER:--strip-all>)
    endif()
endfunction()

# The CPU libraries that workloads are measured with (scripts/lib/guest_libraries.sh), as a guest has them: lib/ beside the program.
set(PASSBENCH_GUEST_LIBRARIES ${CMAKE_SOURCE_DIR}/build/guest-libraries CACHE PATH "CPU libraries that programs load at run time")
foreach(folder bin tests)
    if(WIN32)
        break()
    endif()
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
    file(CREATE_LINK ${PASSBENCH_GUEST_LIBRARIES}/lib ${CMAKE_BINARY_DIR}/${folder}/lib SYMBOLIC)
endforeach()

# passbench_finds_libraries(TARGET): a program of bin or tests that looks there first.
function(passbench_finds_libraries target)
    # RPATH, not RUNPATH: it must hold for the libraries' own needs too.
    set_target_properties(${target} PROPERTIES BUILD_RPATH "$ORIGIN/lib")
    target_link_options(${target} PRIVATE LINKER:--disable-new-dtags)
endfunction()

# passbench_test(NAME SOURCES a_test.cpp ... [DEPS libraries] [LABELS smoke|slow|tsan ...] [SERIAL] [FINDS_LIBRARIES]): a
# GoogleTest program whose tests are registered one by one. SERIAL: runs alone (it measures, or needs the machine to itself).
# FINDS_LIBRARIES: as passbench_finds_libraries.
function(passbench_test name)
    if(NOT BUILD_TESTING)
        return()
    endif()
    cmake_parse_arguments(arg "SERIAL;FINDS_LIBRARIES" "" "SOURCES;DEPS;LABELS" ${ARGN})
    find_package(GTest REQUIRED)
    include(GoogleTest)
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE passbench_flags ${arg_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
    # What is tested is in libraries, optimised as users get it; the tests themselves compile in half the time without.
    target_compile_options(${name} PRIVATE -O0)
    if(arg_FINDS_LIBRARIES)
        passbench_finds_libraries(${name})
    endif()
    if(CMAKE_CROSSCOMPILING) # host/tests/windows.sh runs the programs
        return()
    endif()
    set(properties TIMEOUT 300)
    if(arg_SERIAL)
        list(APPEND properties RUN_SERIAL TRUE)
    endif()
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                         TEST_PREFIX "${name}." PROPERTIES ${properties})
    if(arg_LABELS)
        # A list cannot pass through PROPERTIES: its second word would be read as the name of the next property.
        set(labels_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
        file(WRITE ${labels_file} "if(${name}_TESTS)\n"
             "    set_tests_properties(\${${name}_TESTS} PROPERTIES LABELS \"${arg_LABELS}\")\nendif()\n")
        set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels_file})
    endif()
    foreach(label IN ITEMS smoke tsan)
        if(label IN_LIST arg_LABELS)
            add_dependencies(${label}_tests ${name})
        endif()
    endforeach()
endfunction()

# passbench_pytest(NAME FILE TIMEOUT seconds [LABELS label] [ENVIRONMENT NAME=value ...]): a file of pytest as one test.
function(passbench_pytest name file)
    find_package(Python COMPONENTS Interpreter)
    if(NOT BUILD_TESTING OR NOT Python_Interpreter_FOUND OR CMAKE_CROSSCOMPILING)
        return()
    endif()
    cmake_parse_arguments(arg "" "TIMEOUT;LABELS" "ENVIRONMENT" ${ARGN})
    add_test(NAME ${name} COMMAND ${Python_EXECUTABLE} -m pytest -q -p no:cacheprovider
                                  ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} ENVIRONMENT
                         "${arg_ENVIRONMENT};PYTHONDONTWRITEBYTECODE=1")
    if(arg_LABELS)
        set_tests_properties(${name} PROPERTIES LABELS ${arg_LABELS})
    endif()
endfunction()

# passbench_fuzzer(NAME SOURCES fuzz_x.cpp DEPS libraries SEEDS folder ...): a libFuzzer program, built in the preset `fuzz` alone.
# Its test runs for PASSBENCH_FUZZ_SECONDS from the committed seeds.
set(PASSBENCH_FUZZ_SECONDS 10 CACHE STRING "how long each fuzz target runs in a test")
set(passbench_fuzz_limits -timeout=10 -rss_limit_mb=2048 -max_len=65536)
function(passbench_fuzzer name)
    if(NOT PASSBENCH_FUZZ)
        return()
    endif()
    cmake_parse_arguments(arg "" "" "SOURCES;DEPS;SEEDS" ${ARGN})
    add_executable(${name} ${arg_SOURCES} ${CMAKE_SOURCE_DIR}/harness/core/tests/number_mutator.cpp)
    set_target_properties(${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz
        PASSBENCH_SEEDS "${arg_SEEDS}")
    target_link_libraries(${name} PRIVATE passbench_flags ${arg_DEPS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set(corpus ${CMAKE_BINARY_DIR}/fuzz/${name}-corpus)
    file(MAKE_DIRECTORY ${corpus})
    add_test(NAME fuzz.${name} COMMAND ${name} -max_total_time=${PASSBENCH_FUZZ_SECONDS} ${passbench_fuzz_limits} ${corpus}
             ${arg_SEEDS})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz)
    add_dependencies(fuzz_tests ${name})
endfunction()

# passbench_mutate(ORIGINAL MUTANT FROM TO): the file MUTANT is ORIGINAL with TO in the one place that reads FROM.
function(passbench_mutate original mutant from to)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${original})
    file(READ ${original} text)
    string(FIND "${text}" "${from}" first)
    string(FIND "${text}" "${from}" last REVERSE)
    if(first EQUAL -1 OR NOT first EQUAL last)
        message(FATAL_ERROR "mutant ${mutant}: '${from}' is not in ${original} exactly once")
    endif()
    string(REPLACE "${from}" "${to}" text "${text}")
    file(CONFIGURE OUTPUT ${mutant} CONTENT "${text}" @ONLY)
endfunction()

# passbench_fuzzer_proof(NAME FUZZER fuzz_x [SEEDS name*] LIBRARY library FILE file.cpp FROM text TO text REPORT regex): the fuzz
# target without one check of what it tests, which a mutant of FILE leaves out (FILE and LIBRARY are of this folder). Its test is
# that mutations of the committed seeds, or of those named, lead to such a report within PASSBENCH_FUZZ_PROOF_SECONDS.
set(PASSBENCH_FUZZ_PROOF_SECONDS 60 CACHE STRING "how long a fuzz target may look for a planted fault")
function(passbench_fuzzer_proof name)
    if(NOT PASSBENCH_FUZZ)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "FUZZER;LIBRARY;FILE;FROM;TO;REPORT;SEEDS" "")
    if(NOT arg_SEEDS)
        set(arg_SEEDS *)
    endif()
    set(proof ${arg_FUZZER}_without_${name})
    set(mutant ${CMAKE_CURRENT_BINARY_DIR}/${proof}/${arg_FILE})
    passbench_mutate(${CMAKE_CURRENT_SOURCE_DIR}/${arg_FILE} ${mutant} "${arg_FROM}" "${arg_TO}")
    # As an object of its own in the library the original is left out by the linker, for which the mutant has all its names.
    set_source_files_properties(${arg_FILE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    add_executable(${proof} ${mutant} $<TARGET_OBJECTS:${arg_FUZZER}>)
    set_target_properties(${proof} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    target_compile_options(${proof} PRIVATE -Wno-unused)
    target_link_libraries(${proof} PRIVATE
        $<TARGET_PROPERTY:${arg_FUZZER},LINK_LIBRARIES> $<TARGET_PROPERTY:${arg_LIBRARY},LINK_LIBRARIES>)
    target_link_options(${proof} PRIVATE -fsanitize=fuzzer)
    # Seeds are named one by one, because libFuzzer writes what it finds into a folder.
    get_target_property(seeds ${arg_FUZZER} PASSBENCH_SEEDS)
    list(TRANSFORM seeds APPEND "/${arg_SEEDS}")
    file(GLOB seeds CONFIGURE_DEPENDS ${seeds})
    list(JOIN seeds "," seeds)
    add_test(NAME fuzz.${proof} COMMAND ${proof} -max_total_time=${PASSBENCH_FUZZ_PROOF_SECONDS} ${passbench_fuzz_limits}
             -seed_inputs=${seeds} -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${proof}/)
    # INITED: the seeds by themselves were harmless.
    set_tests_properties(fuzz.${proof} PROPERTIES LABELS fuzz PASS_REGULAR_EXPRESSION "INITED.*${arg_REPORT}")
    add_dependencies(fuzz_tests ${proof})
endfunction()

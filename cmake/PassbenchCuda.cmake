# Kernels for the cards: nvcc makes a fatbin of each .cu (no enable_language(CUDA): nothing else here is CUDA), and it is embedded
# in a library. The fatbins are the same in every preset, so they are kept outside of them, by a digest of what they come from.

include_guard(GLOBAL)

set(PASSBENCH_NVCC "" CACHE FILEPATH "nvcc of CUDA 13 or later; scripts/setup.sh finds or installs one")
set(PASSBENCH_CUDA_CODE 75 80 86 89 90 100 120 CACHE STRING "cards that get machine code")
# Of 80 too: the PTX of 75 cannot name what tensor cores have learned since.
set(PASSBENCH_CUDA_PTX 75 80 CACHE STRING "PTX, which serves all other cards that are as new")
set(PASSBENCH_FATBINS ${CMAKE_SOURCE_DIR}/build/fatbins CACHE PATH "where finished fatbins are kept for all presets")

if(NOT PASSBENCH_NVCC)
    unset(PASSBENCH_NVCC CACHE)
    # Where scripts/setup.sh looks, and where it installs one.
    file(GLOB installed ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/nvidia/cu13)
    find_program(PASSBENCH_NVCC nvcc HINTS ENV CUDA_HOME PATHS /usr/local/cuda ${installed} PATH_SUFFIXES bin)
endif()
if(NOT PASSBENCH_NVCC)
    message(FATAL_ERROR "There is no nvcc. Run scripts/setup.sh, which finds or installs it, or give -DPASSBENCH_NVCC=PATH.")
endif()

# The headers that belong to that nvcc: include/ beside bin/.
get_filename_component(nvcc_file ${PASSBENCH_NVCC} REALPATH)
get_filename_component(nvcc_folder ${nvcc_file} DIRECTORY)
find_path(PASSBENCH_CUDA_INCLUDE cuda.h HINTS ${nvcc_folder}/../include ${nvcc_folder}/../targets/x86_64-linux/include
          NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)

# What compiles against them; they are not ours, so their warnings are not shown.
add_library(passbench_cuda_headers INTERFACE)
target_include_directories(passbench_cuda_headers SYSTEM INTERFACE ${PASSBENCH_CUDA_INCLUDE})

# passbench_fatbin(a.cu FILE): what nvcc makes of it, as a file.
function(passbench_fatbin source fatbin)
    # Which headers a .cu includes is not asked: all that kernels are written with count.
    file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/kernels/cuda/*.cuh ${CMAKE_SOURCE_DIR}/kernels/cpu/*_shape.hpp
         ${CMAKE_SOURCE_DIR}/kernels/cuda/*_shape.hpp)
    add_custom_command(
        OUTPUT ${fatbin}
        COMMAND ${CMAKE_COMMAND} "-DNVCC=${PASSBENCH_NVCC}" "-DSOURCE=${CMAKE_CURRENT_SOURCE_DIR}/${source}"
                "-DHEADERS=${headers}" "-DCODE=${PASSBENCH_CUDA_CODE}" "-DPTX=${PASSBENCH_CUDA_PTX}"
                "-DROOT=${CMAKE_SOURCE_DIR}"
                "-DKEPT=${PASSBENCH_FATBINS}" "-DFATBIN=${fatbin}" -P ${CMAKE_SOURCE_DIR}/cmake/make_fatbin.cmake
        DEPENDS ${source} ${headers} ${CMAKE_SOURCE_DIR}/cmake/make_fatbin.cmake
        COMMENT "nvcc ${source}"
        VERBATIM)
endfunction()

# passbench_fatbins(TARGET a.cu ...): compiles each and embeds it as passbench_fatbin_<name>_begin .. _end.
function(passbench_fatbins target)
    foreach(source IN LISTS ARGN)
        get_filename_component(name ${source} NAME_WE)
        set(fatbin ${CMAKE_CURRENT_BINARY_DIR}/${name}.fatbin)
        passbench_fatbin(${source} ${fatbin})
        set(embedded ${CMAKE_CURRENT_BINARY_DIR}/${name}_fatbin.S)
        configure_file(${CMAKE_SOURCE_DIR}/cmake/fatbin.S.in ${embedded} @ONLY)
        set_source_files_properties(${embedded} PROPERTIES OBJECT_DEPENDS ${fatbin})
        target_sources(${target} PRIVATE ${embedded})
    endforeach()
endfunction()

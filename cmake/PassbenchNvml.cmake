# The header of NVIDIA's management library; the library itself is found at run time. From PyPI (requirements/run.txt), for CUDA's
# compiler comes without it.

include_guard(GLOBAL)

file(GLOB installed ${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages)
# CMAKE_PREFIX_PATH: where a build of the Python package has what it requires.
find_path(PASSBENCH_NVML_INCLUDE nvml.h HINTS ${installed} ${CMAKE_PREFIX_PATH} PATH_SUFFIXES nvidia/cu13/include NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
if(NOT PASSBENCH_NVML_INCLUDE)
    message(FATAL_ERROR "There is no nvml.h. Run scripts/setup.sh, which installs it, or give -DPASSBENCH_NVML_INCLUDE=FOLDER.")
endif()

# What compiles against it; it is not ours, so its warnings are not shown.
add_library(passbench_nvml_headers INTERFACE)
target_include_directories(passbench_nvml_headers SYSTEM INTERFACE ${PASSBENCH_NVML_INCLUDE})

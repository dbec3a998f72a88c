# cmake -DNVCC= -DSOURCE= -DHEADERS= -DCODE= -DPTX= -DROOT= -DKEPT= -DFATBIN= -P make_fatbin.cmake
# Compiles SOURCE into FATBIN, or takes it from KEPT where it was compiled before from the same text by the same compiler.

execute_process(COMMAND ${NVCC} --version OUTPUT_VARIABLE version COMMAND_ERROR_IS_FATAL ANY)
set(flags -std=c++20 -O3 -fatbin --compress-mode=size -Werror all-warnings -I${ROOT})
foreach(code IN LISTS CODE)
    list(APPEND flags -gencode arch=compute_${code},code=sm_${code})
endforeach()
foreach(code IN LISTS PTX)
    list(APPEND flags -gencode arch=compute_${code},code=compute_${code})
endforeach()

set(text "${version}${flags}")
foreach(file IN LISTS SOURCE HEADERS)
    file(READ ${file} content)
    string(APPEND text "${content}")
endforeach()
string(SHA256 digest "${text}")
get_filename_component(name ${SOURCE} NAME_WE)
set(kept ${KEPT}/${name}-${digest}.fatbin)

if(NOT EXISTS ${kept})
    file(MAKE_DIRECTORY ${KEPT})
    # Renamed when it is whole, so that another preset that builds at the same time never takes half of it.
    string(RANDOM LENGTH 8 mark)
    execute_process(COMMAND ${NVCC} ${flags} --threads 2 -o ${kept}.${mark} ${SOURCE} COMMAND_ERROR_IS_FATAL ANY)
    file(RENAME ${kept}.${mark} ${kept})
endif()
file(COPY_FILE ${kept} ${FATBIN})

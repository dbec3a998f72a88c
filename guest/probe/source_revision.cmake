# Run at every build: asks git for the revision and rewrites source_revision.cpp only where it changed.
#   cmake -DSOURCE=<source root> -DTEMPLATE=<.cpp.in> -DOUTPUT=<.cpp> -P source_revision.cmake
execute_process(COMMAND git -c safe.directory=* -C ${SOURCE} describe --always --dirty --tags --abbrev=10
                OUTPUT_VARIABLE PASSBENCH_SOURCE_REVISION OUTPUT_STRIP_TRAILING_WHITESPACE
                RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
    set(PASSBENCH_SOURCE_REVISION unknown)
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)

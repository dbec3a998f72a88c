# From the sources that Debian and Ubuntu ship for this.
if(NOT TARGET gtest)
    set(BUILD_GMOCK ON)
    set(INSTALL_GTEST OFF)
    add_subdirectory(/usr/src/googletest ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL SYSTEM)
    foreach(library gtest gmock gtest_main)
        set_target_properties(${library} PROPERTIES UNITY_BUILD OFF)
    endforeach()
endif()

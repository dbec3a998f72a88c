include(${CMAKE_CURRENT_LIST_DIR}/headers.cmake)
passbench_windows_headers(fmt::fmt fmt)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)

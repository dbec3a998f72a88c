include(${CMAKE_CURRENT_LIST_DIR}/headers.cmake)
passbench_windows_headers(tomlplusplus::tomlplusplus toml++)

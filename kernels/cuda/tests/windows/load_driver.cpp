// load_driver.exe [LIBRARY]: opens the first CUDA device on Windows and prints what the layer says of it. LIBRARY: named as for simulating.
#include <cstdio>
#include <filesystem>
#include <string>

#include "kernels/cuda/gpu.hpp"

int wmain(int count, wchar_t** arguments) {
    passbench::DriverChoice choice;
    if (count > 1) {
        const std::u8string path = std::filesystem::path(arguments[1]).u8string();
        choice.library.assign(path.begin(), path.end());
    }
    const auto gpu = passbench::Gpu::open(choice);
    if (!gpu) {
        const passbench::Error& error = gpu.error();
        std::printf("%s %s\n%s\n%s\n", std::string(to_string(error.code)).c_str(), error.finding.c_str(),
                    error.what.c_str(), error.fix.c_str());
        return 1;
    }
    const passbench::Driver& driver = (*gpu)->driver();
    std::printf("API %d, simulated %d, %s\n", driver.api_version(), driver.is_simulated() ? 1 : 0,
                (*gpu)->name().c_str());
    return 0;
}

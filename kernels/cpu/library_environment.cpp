#include "kernels/cpu/library_environment.hpp"

#include <cstdlib>

namespace passbench {

std::vector<EnvironmentSetting> library_environment(const CpuFeatures& cpu) {
    // 2^17 cycles, some 40 us: as long as our own pool spins (harness/core/thread_pool.cpp). By itself it is 2^26.
    std::vector<EnvironmentSetting> settings = {{"OMP_WAIT_POLICY", "passive"}, {"OPENBLAS_THREAD_TIMEOUT", "17"}};
    // The newer cores differ from it in 16-bit products alone, which are not asked of it.
    if (cpu.avx512) settings.push_back({"OPENBLAS_CORETYPE", "SkylakeX"});
    return settings;
}

void set_library_environment() {
    [[maybe_unused]] constexpr int keep_what_is_set = 0;
    for (const EnvironmentSetting& setting : library_environment(detect_cpu())) {
#ifdef _WIN32
        if (std::getenv(std::string(setting.name).c_str()) != nullptr) continue;
        _putenv_s(std::string(setting.name).c_str(), setting.value.c_str());
#else
        setenv(std::string(setting.name).c_str(), setting.value.c_str(), keep_what_is_set);
#endif
    }
}

}  // namespace passbench

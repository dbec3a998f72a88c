#include "guest/probe/watched_variables.hpp"

#include <algorithm>

#include "guest/probe/machine_files.hpp"

namespace passbench {

const std::vector<WatchedVariable>& watched_variables() {
    using enum PreflightSeverity;
    static const std::vector<WatchedVariable> all = {
        {"CUDA_CACHE_DISABLE", warn, "kernels without machine code for the card are compiled anew in each trial"},
        {"CUDA_DEVICE_MAX_CONNECTIONS", warn, "streams get another number of queues than by default"},
        {"CUDA_FORCE_PTX_JIT", warn, "the machine code in the agent is not used, other code is compiled in each trial"},
        {"CUDA_LAUNCH_BLOCKING", block,
         "every launch waits for its kernel, so neither launches nor overlap are measured"},
        {"CUDA_MODULE_LOADING", note, "kernels are loaded at another time than by default"},
        {"CUDA_VISIBLE_DEVICES", note, "the card that is measured is the first of these"},
        {"GOMP_*", note, "libraries with OpenMP place and wake their threads in another way"},
        {"LD_PRELOAD", warn, "foreign code runs in the agent"},
        {"MKL_*", note, "MKL works in another way than by itself"},
        {"OMP_*", warn, "libraries with OpenMP use other threads than the case says"},
        {"OPENBLAS_*", note, "OpenBLAS works in another way than by itself"},
    };
    return all;
}

const WatchedVariable* find_watched_variable(std::string_view name) {
    const auto& all = watched_variables();
    const auto found = std::find_if(all.begin(), all.end(), [&](const WatchedVariable& each) {
        return each.name.ends_with('*') ? name.starts_with(each.name.substr(0, each.name.size() - 1))
                                        : name == each.name;
    });
    return found == all.end() ? nullptr : &*found;
}

std::map<std::string, std::string> variables_in(std::string_view environment) {
    constexpr std::size_t longest_value = 200;
    std::map<std::string, std::string> found;
    while (!environment.empty()) {
        const std::string_view text = environment.substr(0, environment.find('\0'));
        environment.remove_prefix(std::min(environment.size(), text.size() + 1));
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || equals + 1 == text.size()) continue;
        if (find_watched_variable(text.substr(0, equals)) == nullptr) continue;
        found.emplace(text.substr(0, equals), printable(text.substr(equals + 1), longest_value));
    }
    return found;
}

}  // namespace passbench

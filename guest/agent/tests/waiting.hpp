// Waiting in tests for what has to come, without guessing how long it takes.
#pragma once

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

namespace passbench {

/// Asks again and again for at most 20 s, long beyond what any machine needs.
[[nodiscard]] inline bool eventually(const std::function<bool()>& condition) {
    for (int round = 0; round < 4000; ++round) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return condition();
}

/// True while the process exists and is no zombie (whose parent, maybe, never asks for it).
[[nodiscard]] inline bool runs(int process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    const std::size_t name_end = text.rfind(')');
    return name_end != std::string::npos && text.size() > name_end + 2 && text[name_end + 2] != 'Z';
}

}  // namespace passbench

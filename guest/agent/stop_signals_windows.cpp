#include <array>
#include <atomic>
#include <csignal>
#include <string_view>
#include <utility>
#include <windows.h>

#include <fmt/core.h>

#include "guest/agent/stop_signals.hpp"

namespace passbench {
namespace {

// Windows calls the handler in a thread of its own, for the process.
std::atomic<int> noted = 0;

BOOL WINAPI note_request(DWORD event) {
    noted = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT ? SIGINT : SIGTERM;
    // When the handler of these returns, the process is ended at once: it is to end by itself.
    if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT) ::Sleep(INFINITE);
    return TRUE;
}

}  // namespace

struct StopSignals::Native {};

StopSignals::StopSignals() : native_(std::make_unique<Native>()) {
    noted = 0;
    // Undoes what a parent may have asked for: to be deaf to Ctrl-C is inherited.
    ::SetConsoleCtrlHandler(nullptr, FALSE);
    ::SetConsoleCtrlHandler(note_request, TRUE);
}

StopSignals::~StopSignals() { ::SetConsoleCtrlHandler(note_request, FALSE); }

void StopSignals::take() {
    const int request = noted;
    if (request != 0 && !stop_) stop_ = request;
}

std::string signal_name(int signal) {
    if (signal == SIGINT) return "Ctrl-C";
    if (signal == SIGTERM) return "the end of the session";
    constexpr std::array<std::pair<unsigned, std::string_view>, 8> names = {{
        {0xC0000005U, "an access violation"},
        {0xC0000006U, "a page that could not be read"},
        {0xC0000017U, "want of memory"},
        {0xC000001DU, "an illegal instruction"},
        {0xC0000094U, "an integer division by zero"},
        {0xC00000FDU, "a stack overflow"},
        {0xC0000374U, "a corrupted heap"},
        {0xC0000409U, "an abort"},
    }};
    for (const auto& [number, name] : names) {
        if (number == static_cast<unsigned>(signal)) return std::string(name);
    }
    return fmt::format("exception {:#x}", static_cast<unsigned>(signal));
}

}  // namespace passbench

#include <atomic>
#include <windows.h>

#include "host/cli/stop_signals.hpp"

namespace passbench {
namespace {

// Windows calls the handler in a thread of its own, for the process.
std::atomic<bool> stop_asked = false;

BOOL WINAPI ask_to_stop(DWORD event) {
    stop_asked = true;
    // When the handler of these returns, the process is ended at once: it is to end by itself, in the seconds that Windows gives it.
    // What it cannot give back in them is given back by `release`.
    if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT) ::Sleep(INFINITE);
    return TRUE;
}

}  // namespace

void catch_stop_signals() {
    // Undoes what a parent may have asked for: to be deaf to Ctrl-C is inherited.
    ::SetConsoleCtrlHandler(nullptr, FALSE);
    ::SetConsoleCtrlHandler(ask_to_stop, TRUE);
}

bool stop_was_asked() { return stop_asked; }

bool is_terminal(StandardStream stream) {
    const HANDLE handle = ::GetStdHandle(stream == StandardStream::output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
    DWORD mode = 0;
    if (::GetConsoleMode(handle, &mode) == 0) return false;
    // One that shows no colours and moves no cursor is as good as none.
    return ::SetConsoleMode(handle, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

}  // namespace passbench

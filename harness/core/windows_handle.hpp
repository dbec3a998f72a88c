// A handle of Windows that is closed with its owner.
#pragma once

#include <utility>
#include <windows.h>

namespace passbench {

class WindowsHandle {
public:
    WindowsHandle() = default;
    explicit WindowsHandle(HANDLE handle) : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
    WindowsHandle(WindowsHandle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    WindowsHandle& operator=(WindowsHandle&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    WindowsHandle(const WindowsHandle&) = delete;
    WindowsHandle& operator=(const WindowsHandle&) = delete;
    ~WindowsHandle() { close(); }
    void close() {
        if (handle_ != nullptr) ::CloseHandle(std::exchange(handle_, nullptr));
    }
    [[nodiscard]] HANDLE get() const { return handle_; }
    [[nodiscard]] bool is_open() const { return handle_ != nullptr; }

private:
    HANDLE handle_ = nullptr;
};

}  // namespace passbench

#include "harness/core/windows_pipe.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "harness/core/windows_error.hpp"

namespace passbench {
namespace {

constexpr DWORD pipe_bytes = 65536;

std::wstring new_name() {
    static std::atomic<unsigned> count = 0;
    return L"\\\\.\\pipe\\passbench-" + std::to_wstring(::GetCurrentProcessId()) + L"-" + std::to_wstring(++count);
}

Error cannot_make() {
    return {.code = ErrorCode::io,
            .what = "cannot make a pipe: " + windows_error_text(::GetLastError()),
            .where = "child process",
            .fix = "End other programs, then try again."};
}

}  // namespace

Result<WindowsPipe> WindowsPipe::make(PipeUse use) {
    const std::wstring name = new_name();
    const DWORD direction = use == PipeUse::we_read ? PIPE_ACCESS_INBOUND : PIPE_ACCESS_OUTBOUND;
    WindowsHandle ours(::CreateNamedPipeW(
        name.c_str(), direction | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
        PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, pipe_bytes, pipe_bytes, 0, nullptr));
    if (!ours.is_open()) return fail(cannot_make());
    SECURITY_ATTRIBUTES inherited{.nLength = sizeof inherited, .lpSecurityDescriptor = nullptr, .bInheritHandle = TRUE};
    WindowsHandle childs(::CreateFileW(name.c_str(), use == PipeUse::we_read ? GENERIC_WRITE : GENERIC_READ, 0,
                                       &inherited, OPEN_EXISTING, 0, nullptr));
    WindowsHandle done(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!childs.is_open() || !done.is_open()) return fail(cannot_make());
    return WindowsPipe(std::move(ours), std::move(childs), std::move(done));
}

WindowsPipe::WindowsPipe(WindowsHandle ours, WindowsHandle childs, WindowsHandle done)
    : ours_(std::move(ours)),
      childs_(std::move(childs)),
      done_(std::move(done)),
      transfer_(std::make_unique<Transfer>()) {}

WindowsPipe::~WindowsPipe() { close(); }

void WindowsPipe::close() {
    if (!ours_.is_open()) return;
    if (is_under_way_) {
        ::CancelIoEx(ours_.get(), &transfer_->place);
        DWORD ignored = 0;
        ::GetOverlappedResult(ours_.get(), &transfer_->place, &ignored, TRUE);
        is_under_way_ = false;
    }
    ours_.close();
}

HANDLE WindowsPipe::event() const { return is_under_way_ ? done_.get() : nullptr; }

std::int64_t WindowsPipe::finished() {
    DWORD count = 0;
    if (::GetOverlappedResult(ours_.get(), &transfer_->place, &count, FALSE) == 0) {
        if (::GetLastError() == ERROR_IO_INCOMPLETE) return -1;
        is_under_way_ = false;
        close();
        return 0;
    }
    is_under_way_ = false;
    return count;
}

void WindowsPipe::read() {
    // Bounded, for a child that writes faster than it is read must not keep the deadline waiting.
    for (int reads = 0; reads < 64 && ours_.is_open(); ++reads) {
        if (!is_under_way_) {
            transfer_->place = {};
            transfer_->place.hEvent = done_.get();
            is_under_way_ = true;
            const bool is_begun =
                ::ReadFile(ours_.get(), transfer_->bytes.data(), pipe_bytes, nullptr, &transfer_->place) != 0;
            if (!is_begun && ::GetLastError() != ERROR_IO_PENDING) {
                is_under_way_ = false;
                return close();
            }
        }
        const std::int64_t count = finished();
        if (count < 0) return;
        text_.append(transfer_->bytes.data(), static_cast<std::size_t>(count));
    }
}

bool WindowsPipe::is_idle() { return !is_under_way_ || finished() >= 0; }

std::int64_t WindowsPipe::write(std::string_view text) {
    if (!is_idle()) return 0;
    if (!ours_.is_open()) return -1;
    const std::size_t size = std::min(text.size(), transfer_->bytes.size());
    std::copy_n(text.data(), size, transfer_->bytes.data());
    transfer_->place = {};
    transfer_->place.hEvent = done_.get();
    is_under_way_ = true;
    const bool is_begun =
        ::WriteFile(ours_.get(), transfer_->bytes.data(), static_cast<DWORD>(size), nullptr, &transfer_->place) != 0;
    if (!is_begun && ::GetLastError() != ERROR_IO_PENDING) {
        is_under_way_ = false;
        close();
        return -1;
    }
    return static_cast<std::int64_t>(size);
}

}  // namespace passbench

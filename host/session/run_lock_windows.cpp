#include <algorithm>
#include <cwctype>
#include <span>
#include <system_error>
#include <utility>
#include <windows.h>

#include "harness/core/checksum.hpp"
#include "harness/core/windows_error.hpp"
#include "host/session/run_lock.hpp"

namespace passbench {
namespace {

/// Of one folder one name, however it was written.
Result<std::wstring> name_of(const std::filesystem::path& run) {
    std::error_code error;
    std::wstring path = std::filesystem::canonical(run, error).wstring();
    if (error) {
        return fail({.code = ErrorCode::io,
                     .what = "cannot open the run directory: " + windows_error_text(static_cast<DWORD>(error.value())),
                     .where = run.string(),
                     .fix = "Check that it is there and that you may read it."});
    }
    std::transform(path.begin(), path.end(), path.begin(), [](wchar_t letter) { return std::towlower(letter); });
    Sha256 hash;
    hash.update(std::as_bytes(std::span(path.data(), path.size())));
    return L"Global\\passbench-run-" + wide_of_utf8(hash.hex());
}

}  // namespace

Result<RunLock> RunLock::take(const std::filesystem::path& run) {
    PASSBENCH_TRY(const std::wstring name, name_of(run));
    // That it is there is the lock: the kernel keeps it as long as a process has it open.
    const HANDLE made = ::CreateMutexW(nullptr, FALSE, name.c_str());
    const DWORD error = ::GetLastError();
    const bool is_taken = error == ERROR_ALREADY_EXISTS || error == ERROR_ACCESS_DENIED;
    RunLock lock(made == nullptr ? none : reinterpret_cast<std::intptr_t>(made));
    if (is_taken) {
        return fail({.code = ErrorCode::busy,
                     .what = "another passbench is measuring into this run",
                     .where = run.string(),
                     .fix = "Wait until it has ended, or stop it with Ctrl-C; then resume the run."});
    }
    return lock;
}

RunLock::RunLock(RunLock&& other) noexcept : native_(std::exchange(other.native_, none)) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
    std::swap(native_, other.native_);
    return *this;
}

RunLock::~RunLock() {
    if (native_ != none) ::CloseHandle(reinterpret_cast<HANDLE>(native_));
}

}  // namespace passbench

#include <algorithm>
#include <cerrno>
#include <vector>
#include <windows.h>

#define PSAPI_VERSION 2  // of kernel32.dll, which every process has
#include <psapi.h>

#include "harness/core/units.hpp"
#include "harness/core/windows_error.hpp"
#include "kernels/cpu/pages.hpp"

namespace passbench {

namespace {

int last_errno() { return errno_of_windows(::GetLastError()); }

}  // namespace

void* map_pages(std::size_t size_bytes) {
    void* const memory = ::VirtualAlloc(nullptr, size_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (memory == nullptr) errno = last_errno();
    return memory;
}

int unmap_pages(void* memory, std::size_t /*size_bytes*/) {
    return ::VirtualFree(memory, 0, MEM_RELEASE) != 0 ? 0 : last_errno();
}

void prefer_pages(void* /*memory*/, std::size_t /*size_bytes*/, Pages /*pages*/) {}

bool take_pages_back(void* memory, std::size_t size_bytes) {
    return ::VirtualFree(memory, size_bytes, MEM_DECOMMIT) != 0 &&
           ::VirtualAlloc(memory, size_bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr;
}

int lock_pages(void* memory, std::size_t size_bytes) {
    if (::VirtualLock(memory, size_bytes) != 0) return 0;
    if (::GetLastError() != ERROR_WORKING_SET_QUOTA) return last_errno();
    // What may be locked is what the process may keep in memory at least, which it may raise itself.
    SIZE_T least = 0;
    SIZE_T most = 0;
    const HANDLE process = ::GetCurrentProcess();
    if (::GetProcessWorkingSetSize(process, &least, &most) == 0 ||
        ::SetProcessWorkingSetSize(process, least + size_bytes, std::max(most, least + 2 * size_bytes)) == 0 ||
        ::VirtualLock(memory, size_bytes) == 0) {
        return last_errno();
    }
    return 0;
}

int unlock_pages(void* memory, std::size_t size_bytes) {
    return ::VirtualUnlock(memory, size_bytes) != 0 ? 0 : last_errno();
}

std::string lock_limit() {
    SIZE_T least = 0;
    SIZE_T most = 0;
    ::GetProcessWorkingSetSize(::GetCurrentProcess(), &least, &most);
    return format_bytes(static_cast<std::int64_t>(least));
}

bool is_resident(const std::byte* memory, std::size_t size_bytes) {
    const auto begin = reinterpret_cast<std::uintptr_t>(memory) / page_bytes * page_bytes;
    const auto end = reinterpret_cast<std::uintptr_t>(memory) + size_bytes;
    std::vector<PSAPI_WORKING_SET_EX_INFORMATION> pages;
    for (std::uintptr_t page = begin; page < end; page += page_bytes) {
        pages.push_back({.VirtualAddress = reinterpret_cast<void*>(page), .VirtualAttributes = {}});
    }
    const auto bytes = static_cast<DWORD>(pages.size() * sizeof pages.front());
    if (::K32QueryWorkingSetEx(::GetCurrentProcess(), pages.data(), bytes) == 0) return false;
    return std::ranges::all_of(pages, [](const auto& page) { return page.VirtualAttributes.Valid != 0; });
}

// Large pages are given to who asks for them by name and has the right to lock memory, and never otherwise.
std::optional<double> huge_page_share_of(const std::byte* /*memory*/) { return 0.0; }

std::optional<std::int64_t> available_memory_bytes() {
    MEMORYSTATUSEX memory{};
    memory.dwLength = sizeof memory;
    if (::GlobalMemoryStatusEx(&memory) == 0) return std::nullopt;
    return static_cast<std::int64_t>(std::min(memory.ullAvailPhys, memory.ullAvailPageFile));
}

}  // namespace passbench

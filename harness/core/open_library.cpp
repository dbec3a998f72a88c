#include "harness/core/open_library.hpp"

#ifdef _WIN32
#include <array>
#include <filesystem>
#include <string_view>
#include <windows.h>

#include <fmt/core.h>
#else
#include <dlfcn.h>
#endif

namespace passbench {

#ifdef _WIN32

namespace {

/// What Windows says of a code, in UTF-8, with the code: "The specified module could not be found (error 126)".
std::string system_words(DWORD code) {
    std::array<wchar_t, 512> wide{};
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr, code, 0,
                                  wide.data(), static_cast<DWORD>(wide.size()), nullptr);
    while (length > 0 && std::wstring_view(L"\r\n. ").find(wide[length - 1]) != std::wstring_view::npos) --length;
    const std::u8string text = std::filesystem::path(std::wstring_view(wide.data(), length)).u8string();
    std::string words(text.begin(), text.end());
    // Where its words have a place for the file's name, which stands before them here.
    if (const auto place = words.find("%1"); place != std::string::npos) words.replace(place, 2, "it");
    return fmt::format("{}{}(error {})", words, words.empty() ? "" : " ", code);
}

}  // namespace

OpenLibrary open_shared_library(const std::string& place) {
    const std::filesystem::path path(std::u8string(place.begin(), place.end()));
    // Without this a file that is no library stops the process with a window.
    DWORD mode = 0;
    SetThreadErrorMode(SEM_FAILCRITICALERRORS, &mode);
    OpenLibrary library{.handle = LoadLibraryW(path.c_str())};
    const DWORD code = GetLastError();
    SetThreadErrorMode(mode, nullptr);
    if (library.handle == nullptr) library.words = place + ": " + system_words(code);
    return library;
}

void* find_symbol(void* library, const char* name) {
    return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
}

#else

OpenLibrary open_shared_library(const std::string& place) {
    OpenLibrary library{.handle = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)};
    const char* words = library.handle == nullptr ? dlerror() : nullptr;
    if (words != nullptr) library.words = words;
    return library;
}

void* find_symbol(void* library, const char* name) { return dlsym(library, name); }

#endif

}  // namespace passbench

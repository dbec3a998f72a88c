#include "kernels/cpu/fftw_wisdom.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/core.h>

#include "harness/core/durable_files.hpp"
#include "kernels/cpu/fftw.hpp"

namespace passbench {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t most_bytes = 16 << 20;

fs::path folder_from_environment(const char* name) {
    const char* const value = std::getenv(name);
    // One that is not absolute is to be ignored (XDG Base Directory Specification).
    fs::path folder = value == nullptr ? fs::path() : fs::path(value);
    return folder.is_absolute() ? folder : fs::path();
}

}  // namespace

std::optional<fs::path> user_cache_folder() {
    if (const fs::path cache = folder_from_environment("XDG_CACHE_HOME"); !cache.empty()) return cache / "passbench";
    if (const fs::path home = folder_from_environment("HOME"); !home.empty()) return home / ".cache" / "passbench";
    return std::nullopt;
}

std::string wisdom_file_name(std::string_view version, const CpuFeatures& cpu) {
    std::string name =
        fmt::format("fftw-{}-{}-{}-{}-{}", version, cpu.vendor, cpu.family, cpu.model, to_string(widest_isa(cpu)));
    // Of what a CPU or a library says of itself, only what a file name can hold.
    std::ranges::replace_if(
        name, [](char c) { return !(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.'); }, '_');
    return name + ".wisdom";
}

FftwWisdom::FftwWisdom(const Fftw& library) : library_(library) {
    if (const auto folder = user_cache_folder()) file_ = *folder / wisdom_file_name(library.version(), detect_cpu());
    tell_library();
}

void FftwWisdom::tell_library() const {
    if (!file_) return;
    const auto kept = read_file(*file_, most_bytes);
    // It takes all of a text or nothing.
    if (kept) library_.calls().import_wisdom_from_string(kept->c_str());
}

void FftwWisdom::keep() {
    if (!file_) return;
    tell_library();
    char* const text = library_.calls().export_wisdom_to_string();
    if (text == nullptr) return;
    const std::string wisdom(text);
    std::free(text);  // as FFTW's manual says
    if (make_folder(file_->parent_path())) static_cast<void>(replace_file(*file_, wisdom));
}

}  // namespace passbench

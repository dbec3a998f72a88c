// A folder for one test, removed with it. In memory where there is room: a sync then costs no disk's time, and tests sync a lot.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "harness/core/system_file.hpp"

namespace passbench {

class TempFolder {
public:
    TempFolder() {
        path_ = make_private_folder(parent(), "passbench-test-").path;
        if (path_.empty()) std::abort();
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    static std::filesystem::path parent() {
        const std::filesystem::path memory = "/dev/shm";
        constexpr std::uintmax_t enough_bytes = std::uintmax_t{256} << 20;
        std::error_code absent;
        const std::filesystem::space_info space = std::filesystem::space(memory, absent);
        const bool is_usable = !absent && space.available >= enough_bytes && is_writable_folder(memory);
        return is_usable ? memory : std::filesystem::temp_directory_path();
    }

    std::filesystem::path path_;
};

/// Writes and reads plainly, past durable_files: what a stranger did to a file.
inline void write_plainly(const std::filesystem::path& path, std::string_view content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}
inline std::string read_plainly(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace passbench

// A file that takes what a child writes, up to a size: who writes may be hostile, and the disk may be small. Internal to this room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "harness/core/system_file.hpp"

namespace passbench {

class OutputFile {
public:
    /// Makes `path` anew; at most `most_bytes` come to lie in it.
    OutputFile(std::filesystem::path path, std::int64_t most_bytes) : path_(std::move(path)), most_bytes_(most_bytes) {
        take(file_.open(path_, FileUse::rewrite_private));
    }

    void append(std::string_view text) {
        bytes_ += static_cast<std::int64_t>(text.size());
        if (bytes_ > most_bytes_) trouble_ = "there is more of it than " + std::to_string(most_bytes_) + " bytes";
        if (trouble_.empty()) take(file_.write(std::as_bytes(std::span(text.data(), text.size()))).error_number);
    }

    /// Why no more is taken; "" while all is well.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    void take(int error_number) {
        if (error_number != 0) trouble_ = std::generic_category().message(error_number);
    }

    std::filesystem::path path_;
    std::int64_t most_bytes_;
    std::int64_t bytes_ = 0;
    SystemFile file_;
    std::string trouble_;
};

}  // namespace passbench
